import { validator } from "hono/validator";
import * as v from "valibot";
import { ServiceError } from "../errors.ts";
import { parse } from "../parse.ts";

/**
 * Parses one part of a request by a schema. A failure is thrown, so that `app.onError` answers it and it stays
 * out of the response types that clients see.
 */
export function valid<Target extends "json" | "query" | "param", Schema extends v.GenericSchema>(
  target: Target,
  schema: Schema,
) {
  return validator(target, (value: unknown) => {
    const parsed = parse(schema, value);
    requireStorable(parsed);
    return parsed;
  });
}

/** @throws ServiceError when a text holds what the store cannot give back as it came */
function requireStorable(value: unknown): void {
  const waiting: { name: string; part: unknown }[] = [{ name: "", part: value }];
  // A list that grows rather than recursion: the depth is the sender's.
  for (const { name, part } of waiting) {
    if (typeof part === "string") requireStorableText(name, part);
    if (typeof part !== "object" || part === null) continue;
    for (const [key, inner] of Object.entries(part)) waiting.push({ name: name || key, part: inner });
  }
}

function requireStorableText(name: string, text: string): void {
  const refuse = (code: "nul_character" | "lone_surrogate", message: string) => {
    throw new ServiceError(code, `${name}: ${message}`, { issues: [{ path: name, message }] });
  };
  if (text.includes("\0")) refuse("nul_character", "a NUL character is not allowed");
  if (!text.isWellFormed()) refuse("lone_surrogate", "half of a surrogate pair is not allowed");
}

/** `{id}` in a path. */
export const IdParam = v.object({ id: v.pipe(v.string(), v.uuid(), v.toLowerCase()) });
