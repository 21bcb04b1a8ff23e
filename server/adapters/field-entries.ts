import { asText, isRecord, type JsonRecord } from "./text-field.ts";

/** A number above 2^53 has lost digits before it gets here, and then says nothing rather than something else. */
function valueText(value: unknown): string | undefined {
  if (typeof value === "boolean") return String(value);
  return typeof value === "number" && Math.abs(value) > 2 ** 53 ? undefined : asText(value);
}

function listText(value: unknown): string | undefined {
  const texts = (Array.isArray(value) ? value : [value]).map(valueText);
  return asText(texts.filter((text) => text !== undefined).join(", "));
}

/**
 * Every field that can be said as a text: words, numbers, booleans and lists of them. Objects are looked into one
 * level deep; `{value, representation}`, as mozlog may write a field, is its value.
 */
export function fieldEntries(fields: JsonRecord): [string, string][] {
  const entries: [string, unknown][] = Object.entries(fields).flatMap(([name, item]) => {
    if (!isRecord(item)) return [[name, item]];
    if ("value" in item) return [[name, item.value]];
    return Object.entries(item).map(([inner, value]): [string, unknown] => [`${name}.${inner}`, value]);
  });
  return entries.flatMap(([name, value]) => {
    const text = listText(value);
    return text === undefined ? [] : [[name, text] satisfies [string, string]];
  });
}
