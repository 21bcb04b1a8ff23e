export type JsonRecord = Record<string, unknown>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a dotted path, e.g. `rule.mitre.id`, undefined when a part is not there. Paths are the adapters' own. */
export function fieldAt(record: unknown, path: string): unknown {
  if (!path.includes(".")) return isRecord(record) ? record[path] : undefined;
  let value = record;
  for (const name of path.split(".")) {
    if (!isRecord(value)) return undefined;
    value = value[name];
  }
  return value;
}

/** Text that says something, or a number as text; objects, lists, booleans and blank text are undefined. */
export function asText(value: unknown): string | undefined {
  if (typeof value === "string") return value.trim() === "" ? undefined : value;
  return typeof value === "number" && Number.isFinite(value) ? String(value) : undefined;
}

export function textAt(record: unknown, path: string): string | undefined {
  return asText(fieldAt(record, path));
}

export function firstText(record: unknown, paths: readonly string[]): string | undefined {
  for (const path of paths) {
    const text = textAt(record, path);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** All texts at a path that holds one text or a list of them. */
export function textsAt(record: unknown, path: string): string[] {
  const value = fieldAt(record, path);
  const texts = (Array.isArray(value) ? value : [value]).map(asText);
  return texts.filter((text) => text !== undefined);
}

/** The entries of a map whose values are texts or numbers. */
export function textEntries(value: unknown): [string, string][] {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    const text = asText(item);
    return text === undefined ? [] : [[name, text] satisfies [string, string]];
  });
}
