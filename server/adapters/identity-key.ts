import { hash } from "node:crypto";

/** Longer keys are hashed: an index does not need to carry them, and 1,024 is the limit of a sender's own key. */
const longestPlain = 256;

function escaped(part: string): string {
  return part.includes("|") || part.includes("\\") ? part.replace(/[\\|]/g, "\\$&") : part;
}

/** One text for a list of parts, an absent part being an empty one; different lists never share a text. */
export function identityKey(parts: readonly (string | undefined)[]): string {
  const [first = "", ...rest] = parts;
  let key = escaped(first);
  for (const part of rest) key += `|${part === undefined ? "" : escaped(part)}`;
  return key.length <= longestPlain ? key : `sha256:${hash("sha256", key)}`;
}
