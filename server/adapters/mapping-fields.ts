import { limits, type Severity } from "../../shared/alert.ts";
import type { FieldRule, SeverityRule } from "../../shared/mapping.ts";
import type { CompiledMapping } from "./mapping-compiled.ts";
import { severityOfWord } from "./severity-scale.ts";
import { asText } from "./text-field.ts";

/** The fields of one event by the rules of a mapping. */
export interface MappedFields {
  /** The field that is being read, for the reason when its expression fails. */
  readonly field: string;
  text(field: string, rule: FieldRule | undefined): string | undefined;
  /** One text or a list of them. */
  texts(field: string, rule: FieldRule | undefined): string[];
  severity(rule: SeverityRule): { severity: Severity; native: string | undefined };
}

/** More than any field holds; each of many events may give the same long text or list of the record. */
const longest = 2 * limits.description;
const most = limits.entities;

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return asText(value.slice(0, longest));
  return typeof value === "boolean" ? String(value) : asText(value);
}

function severityFrom(rule: Exclude<SeverityRule, { constant: Severity }>, native: string): Severity {
  const word = native.trim().toLowerCase();
  const inTable = Object.entries(rule.table).find(([name]) => name.trim().toLowerCase() === word);
  return inTable?.[1] ?? severityOfWord(word) ?? rule.otherwise;
}

/** Its methods throw what the expression's evaluation throws. */
export function fieldsOfEvent(
  { parsed, evaluator }: CompiledMapping,
  event: unknown,
  record: unknown,
): MappedFields {
  let field = "";
  const given = (name: string, rule: FieldRule): unknown => {
    field = name;
    if (typeof rule !== "string") return rule.constant;
    const expression = parsed.get(rule);
    return expression === undefined ? null : evaluator.evaluate(expression, event, record);
  };
  const texts = (name: string, rule: FieldRule | undefined): string[] => {
    const value = rule === undefined ? null : given(name, rule);
    return (Array.isArray(value) ? value.slice(0, most) : [value]).flatMap((item) => textOf(item) ?? []);
  };
  return {
    get field() {
      return field;
    },
    texts,
    text: (name, rule) => {
      const found = texts(name, rule);
      return found.length === 0 ? undefined : found.join(", ");
    },
    severity: (rule) => {
      if ("constant" in rule) return { severity: rule.constant, native: undefined };
      const [native] = texts("severity", rule.from);
      const severity = native === undefined ? rule.otherwise : severityFrom(rule, native);
      return { severity, native };
    },
  };
}
