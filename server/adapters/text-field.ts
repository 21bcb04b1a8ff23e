export type JsonRecord = Record<string, unknown>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every path once cut at its dots: the adapters have a few hundred of their own and ask for them in every record. */
const namesOfPath = new Map<string, readonly string[]>();

function namesOf(path: string): readonly string[] {
  let names = namesOfPath.get(path);
  if (names === undefined) {
    names = path.split(".");
    namesOfPath.set(path, names);
  }
  return names;
}

/** The value at a dotted path, e.g. `rule.mitre.id`, undefined when a part is not there. Paths are the adapters' own. */
export function fieldAt(record: unknown, path: string): unknown {
  let value = record;
  for (const name of namesOf(path)) {
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
  if (value === undefined) return [];
  const texts: string[] = [];
  for (const item of Array.isArray(value) ? value : [value]) {
    const text = asText(item);
    if (text !== undefined) texts.push(text);
  }
  return texts;
}

/** The entries of a map whose values are texts or numbers. */
export function textEntries(value: unknown): [string, string][] {
  if (!isRecord(value)) return [];
  const entries: [string, string][] = [];
  for (const name in value) {
    const text = asText(value[name]);
    if (text !== undefined) entries.push([name, text]);
  }
  return entries;
}
