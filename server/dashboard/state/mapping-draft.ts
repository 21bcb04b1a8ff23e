/** A mapping while it is written: what stands in it need not be right yet. */
export type Draft = Readonly<Record<string, unknown>>;

export const emptyDraft: Draft = {
  name: "my-source",
  rule: "rule",
  title: "title",
  severity: { from: "severity", otherwise: "medium" },
};

function isObject(value: unknown): value is Draft {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A draft out of JSON text; null when it is no object. */
export function draftFrom(json: string): Draft | null {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** With one part changed; text that says nothing and empty lists take it away. */
export function withPart(draft: Draft, name: string, value: unknown): Draft {
  const { [name]: _, ...rest } = draft;
  const isEmpty = value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
  return isEmpty ? rest : { ...rest, [name]: value };
}

/** A constant is shown as the expression that gives the same. */
export function ruleText(rule: unknown): string {
  if (typeof rule === "string") return rule;
  const constant = isObject(rule) ? rule.constant : undefined;
  return typeof constant === "string" ? `'${constant.replace(/[\\']/g, "\\$&")}'` : "";
}

export interface SeverityParts {
  from: string;
  table: string;
  otherwise: string;
}

export function severityParts(draft: Draft): SeverityParts {
  const severity = isObject(draft.severity) ? draft.severity : {};
  return {
    from: ruleText(severity.from),
    table: pairLines(severity.table),
    otherwise: String(severity.constant ?? severity.otherwise ?? "medium"),
  };
}

/** Without an expression every alert has the one severity. */
export function withSeverity(draft: Draft, { from, table, otherwise }: SeverityParts): Draft {
  const severity = from.trim() === "" ? { constant: otherwise } : { from, table: pairsIn(table), otherwise };
  return { ...draft, severity };
}

export function statusParts(draft: Draft): { from: string; resolved: string } {
  const status = isObject(draft.status) ? draft.status : {};
  const words = Array.isArray(status.resolved) ? status.resolved.map(String) : ["resolved", "closed"];
  return { from: ruleText(status.from), resolved: words.join(", ") };
}

export function withStatus(draft: Draft, { from, resolved }: { from: string; resolved: string }): Draft {
  const words = resolved.split(",").flatMap((word) => word.trim() || []);
  return withPart(draft, "status", from.trim() === "" ? undefined : { from, resolved: words });
}

export function listLines(value: unknown): string {
  return Array.isArray(value) ? value.map(ruleText).join("\n") : "";
}

export function listIn(text: string): string[] {
  return text.split("\n").flatMap((line) => line.trim() || []);
}

/** `name = rule`, a line each. */
export function pairLines(value: unknown): string {
  if (!isObject(value)) return "";
  return Object.entries(value)
    .map(([name, rule]) => `${name} = ${ruleText(rule)}`)
    .join("\n");
}

export function pairsIn(text: string): Record<string, string> {
  return Object.fromEntries(linesOfPairs(text));
}

/** A line that is not finished yet has an empty rule, which the server names as what is wrong. */
function linesOfPairs(text: string): [string, string][] {
  return listIn(text).map((line) => {
    const at = line.indexOf("=");
    const isPair = at > 0 && line[at + 1] !== "=";
    return isPair ? [line.slice(0, at).trim(), line.slice(at + 1).trim()] : [line, ""];
  });
}

/** `host = expression` or `ip actor = expression`, a line each. */
export function entityLines(value: unknown): string {
  if (!Array.isArray(value)) return "";
  return value
    .filter(isObject)
    .map(({ type, role, value: rule }) => {
      const what = role === undefined || role === "target" ? String(type) : `${String(type)} ${String(role)}`;
      return `${what} = ${ruleText(rule)}`;
    })
    .join("\n");
}

export function entitiesIn(text: string): unknown[] {
  return linesOfPairs(text).map(([what, value]) => {
    const [type = "", role = "target"] = what.split(/\s+/);
    return { type, role, value };
  });
}

export function linkLines(value: unknown): string {
  return Array.isArray(value) ? listLines(value.map((link) => (isObject(link) ? link.href : link))) : "";
}

/** The texts of links that are still there stay. */
export function linksIn(text: string, before: unknown): unknown[] {
  const known: unknown[] = Array.isArray(before) ? before : [];
  return listIn(text).map(
    (href) => known.find((link) => isObject(link) && ruleText(link.href) === href) ?? { href },
  );
}
