function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A string whole, one sign of structure, a run of blanks, or what stands between. */
const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|\s+|[^\s"{}[\],:]+/g;

/** Deeper levels stay at this one: an indent that grows without end would be a way to fill the memory. */
const deepest = 64;

function startsLine(part: string, previous: string): boolean {
  const isAfterOpening = previous === "{" || previous === "[";
  const isClosing = part === "}" || part === "]";
  return previous === "," || isAfterOpening !== isClosing;
}

/**
 * JSON laid out for reading, other text as it is. Works on the text itself, since parsing and writing it
 * again would round long numbers and drop doubled keys, and an original must stay what it was.
 */
export function prettyJson(text: string): string {
  if (!isJson(text)) return text;
  const parts: string[] = [];
  let depth = 0;
  let previous = "";
  for (const [part] of text.matchAll(token)) {
    if (part.trim() === "") continue;
    if (part === "}" || part === "]") depth -= 1;
    if (startsLine(part, previous)) parts.push(`\n${"  ".repeat(Math.min(depth, deepest))}`);
    parts.push(part === ":" ? ": " : part);
    if (part === "{" || part === "[") depth += 1;
    previous = part;
  }
  return parts.join("");
}
