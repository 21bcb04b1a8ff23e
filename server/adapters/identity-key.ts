import { hash } from "node:crypto";

/** Longer keys are hashed: an index does not need to carry them, and 1,024 is the limit of a sender's own key. */
const longestPlain = 256;

function escaped(part: string): string {
  const hasMark = part.includes("|") || part.includes("\\");
  // A text of nothing but marks takes four times as long to replace them in.
  return hasMark ? part.split("\\").join("\\\\").split("|").join("\\|") : part;
}

/** One text for a list of parts, an absent part being an empty one; different lists never share a text. */
export function identityKey(parts: readonly (string | undefined)[]): string {
  let key = escaped(parts[0] ?? "");
  for (let at = 1; at < parts.length; at += 1) key += `|${escaped(parts[at] ?? "")}`;
  return key.length <= longestPlain ? key : `sha256:${hash("sha256", key)}`;
}
