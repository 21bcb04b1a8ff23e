import { createHash } from "node:crypto";

/** Longer keys are hashed: an index does not need to carry them, and 1,024 is the limit of a sender's own key. */
const longestPlain = 256;

/** One text for a list of parts, an absent part being an empty one; different lists never share a text. */
export function identityKey(parts: readonly (string | undefined)[]): string {
  const key = parts.map((part) => (part ?? "").replace(/[\\|]/g, "\\$&")).join("|");
  if (key.length <= longestPlain) return key;
  return `sha256:${createHash("sha256").update(key).digest("hex")}`;
}
