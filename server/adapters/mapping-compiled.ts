import type { FieldRule, Mapping } from "../../shared/mapping.ts";
import { createEvaluator, type Evaluator, type Parsed, parseExpression } from "./mapping-expression.ts";

/** A mapping with every expression parsed. */
export interface CompiledMapping {
  mapping: Mapping;
  parsed: ReadonlyMap<string, Parsed>;
  evaluator: Evaluator;
}

/** What is wrong with one expression of a mapping. */
interface ExpressionProblem {
  path: string;
  message: string;
}

function ofRule(path: string, rule: FieldRule | undefined): [string, string][] {
  return typeof rule === "string" ? [[path, rule]] : [];
}

/** Every expression of a mapping with the path it stands at. */
function expressionsOf(mapping: Mapping): [path: string, expression: string][] {
  const { match, records, severity, status, identity, entities, labels, links } = mapping;
  const single = (["match", "records"] as const).flatMap((name) => ofRule(name, { match, records }[name]));
  const texts = textFields.flatMap((name) => ofRule(name, mapping[name]));
  return [
    ...single,
    ...texts,
    ...("from" in severity ? ofRule("severity.from", severity.from) : []),
    ...ofRule("status.from", status?.from),
    ...identity.flatMap((rule, index) => ofRule(`identity.${index}`, rule)),
    ...entities.flatMap(({ value }, index) => ofRule(`entities.${index}.value`, value)),
    ...Object.entries(labels).flatMap(([name, rule]) => ofRule(`labels.${name}`, rule)),
    ...links.flatMap(({ href }, index) => ofRule(`links.${index}.href`, href)),
  ];
}

/** Fields of an alert that a mapping fills with one rule each. */
export const textFields = [
  ...(["source", "rule", "title", "environment", "service", "occurredAt"] as const),
  ...(["description", "techniques", "runbookUrl"] as const),
] as const;

/** What is wrong with the expressions of a mapping; none when it can be used. */
export function problemsOf(mapping: Mapping): ExpressionProblem[] {
  return expressionsOf(mapping).flatMap(([path, expression]) => {
    try {
      parseExpression(expression);
      return [];
    } catch (error) {
      return [{ path, message: reasonOf(error) }];
    }
  });
}

/** The library's reason in one line. */
export function reasonOf(error: unknown): string {
  const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return line.slice(0, 200).toWellFormed();
}

const compiled = new WeakMap<Mapping, CompiledMapping>();

/**
 * Parses a mapping once for each version of the policy that holds it.
 * @throws Error when an expression cannot be parsed, which `problemsOf` says beforehand
 */
export function compileMapping(mapping: Mapping): CompiledMapping {
  const known = compiled.get(mapping);
  if (known !== undefined) return known;
  const parsed = new Map<string, Parsed>();
  for (const [, expression] of expressionsOf(mapping)) parsed.set(expression, parseExpression(expression));
  const fresh = { mapping, parsed, evaluator: createEvaluator() };
  compiled.set(mapping, fresh);
  return fresh;
}
