import { asText, fieldAt, isRecord, textAt } from "./text-field.ts";

/** AWS account ids have twelve digits; one that came as a number has lost the zeros in front. */
export function accountId(value: unknown): string | undefined {
  const text = asText(value)?.trim();
  return typeof value === "number" && text && /^\d{1,12}$/.test(text) ? text.padStart(12, "0") : text;
}

/** The tags of a resource, `[{key, value}]`, as they are written. */
export function awsTags(resource: unknown): [name: string, value: string][] {
  const tags = fieldAt(resource, "tags");
  if (!Array.isArray(tags)) return [];
  return tags.flatMap((tag) => {
    const [name, value] = [textAt(tag, "key"), textAt(tag, "value")];
    return name !== undefined && value !== undefined ? [[name, value] satisfies [string, string]] : [];
  });
}

/** Tags by lower-case name, the first of each, because people write `Env` as well as `env`. */
export function byLowerName(tags: readonly (readonly [string, string])[]): Record<string, string> {
  const named = new Map<string, string>();
  for (const [name, value] of tags) {
    if (!named.has(name.toLowerCase())) named.set(name.toLowerCase(), value);
  }
  return Object.fromEntries(named);
}

/** A list's records; AWS writes `{items: […]}` for some. */
export function recordsIn(value: unknown): Record<string, unknown>[] {
  const list = isRecord(value) ? value.items : value;
  return Array.isArray(list) ? list.filter(isRecord) : [];
}
