import { createHash } from "node:crypto";

/** Characters that the index takes as they are; a row of it may have 2,704 bytes. */
const longest = 400;

/** How an entity's value stands in the index: itself, or its hash where it is too long for one. */
export function entityLookupKey(value: string): string {
  if (value.length <= longest) return value;
  return `sha256:${createHash("sha256").update(value).digest("hex")}`;
}
