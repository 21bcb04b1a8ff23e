import * as v from "valibot";
import { LineCounter, parseDocument } from "yaml";
import { formats } from "../../../shared/alert.ts";
import type { Issue } from "../../../shared/failure.ts";
import type { Mapping } from "../../../shared/mapping.ts";
import { Policy } from "../../../shared/policy.ts";
import { problemsOf } from "../../adapters/mapping-compiled.ts";
import { findOddity, sayOddity } from "../../adapters/well-formed.ts";
import { InvalidError, ServiceError } from "../../errors.ts";

/** How a policy is written; JSON is YAML too, but its errors are told in its own words. */
export type Notation = "json" | "yaml";

interface Parsed {
  value: unknown;
  /** Line of the value at a path, or of the nearest one around it; null where lines are not known. */
  lineOf(path: readonly string[]): number | null;
}

const longest = 4 * 1024 * 1024;
const mostIssues = 100;
/** Every request that is read by a mapping keeps the mapping beside it. */
const longestMapping = 16 * 1024;

/** @throws ServiceError unreadable, too_large, nul_character, lone_surrogate; InvalidError naming each path */
export function readPolicyDocument(text: string, notation: Notation): Policy {
  if (text.length > longest) {
    throw new ServiceError("too_large", `a policy may have at most ${longest} characters`);
  }
  const parsed = notation === "json" ? parseJson(text) : parseYaml(text);
  const oddity = findOddity(parsed.value);
  if (oddity?.code === "nested_too_deep") throw new InvalidError(sayOddity(oddity));
  if (oddity) throw new ServiceError(oddity.code, sayOddity(oddity));
  const result = v.safeParse(Policy, parsed.value);
  if (!result.success) {
    refuse(
      parsed,
      result.issues.map((issue) => ({ path: v.getDotPath(issue) ?? "", message: issue.message })),
    );
  }
  const problems = result.output.intake.mappings.flatMap((mapping, index) =>
    mappingIssues(mapping, `intake.mappings.${index}`),
  );
  if (problems.length > 0) refuse(parsed, problems);
  return result.output;
}

/** What a schema cannot say of a mapping; `at` is the path it stands at. */
export function mappingIssues(mapping: Mapping, at: string): Issue[] {
  const isTaken = formats.some((format) => format === mapping.name);
  const taken = { path: `${at}.name`, message: `a name of its own; ${mapping.name} is a format` };
  const long = { path: at, message: `at most ${longestMapping} characters as JSON` };
  const isLong = JSON.stringify(mapping).length > longestMapping;
  const wrong = problemsOf(mapping).map(({ path, message }) => ({ path: `${at}.${path}`, message }));
  return [...(isTaken ? [taken] : []), ...(isLong ? [long] : []), ...wrong];
}

function refuse(parsed: Parsed, issues: Issue[]): never {
  const placed = issues.slice(0, mostIssues).map(({ path, message }) => {
    const line = parsed.lineOf(path.split("."));
    return { path, message: line === null ? message : `line ${line}: ${message}` };
  });
  const [first] = placed;
  throw new InvalidError(`${first?.path || "the document"}: ${first?.message ?? "invalid"}`, placed);
}

function parseJson(text: string): Parsed {
  try {
    return { value: JSON.parse(text), lineOf: () => null };
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    throw new ServiceError("unreadable", `the policy is not valid JSON: ${why.slice(0, 200)}`);
  }
}

function parseYaml(text: string): Parsed {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    throw new ServiceError(
      "unreadable",
      `the policy is not valid YAML: line ${line}, column ${col}: ${error.message}`,
    );
  }
  const lineOf = (path: readonly string[]): number | null => {
    for (let length = path.length; length > 0; length -= 1) {
      const offset = startOf(document.getIn(path.slice(0, length), true));
      if (offset !== null) return lineCounter.linePos(offset).line;
    }
    return null;
  };
  return { value: valueOfYaml(document), lineOf };
}

/** Aliases of aliases can stand for more than any machine holds; the library counts them. */
function valueOfYaml(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS();
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    throw new ServiceError("unreadable", `the policy is not valid YAML: ${why.slice(0, 200)}`);
  }
}

function startOf(node: unknown): number | null {
  const range: unknown = typeof node === "object" && node !== null && "range" in node ? node.range : null;
  const start: unknown = Array.isArray(range) ? range[0] : null;
  return typeof start === "number" ? start : null;
}
