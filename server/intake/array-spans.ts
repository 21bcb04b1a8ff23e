const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);

/**
 * Where each element of a JSON array stands in its text, `[from, to)`, without the white space around it. The
 * text has been parsed before, so it is known to be valid.
 */
export function arraySpans(text: string): [number, number][] {
  const spans: [number, number][] = [];
  let depth = 0;
  let from = -1;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === quote) i = endOfString(text, i);
    else if (opening.has(code)) depth += 1;
    else if (closing.has(code)) depth -= 1;
    if (depth === 1 && from === -1) from = i + 1;
    else if ((depth === 1 && code === comma) || (depth === 0 && closing.has(code))) {
      addSpan(spans, text, from, i);
      from = i + 1;
    }
  }
  return spans;
}

function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (text.charCodeAt(i) !== quote) i += text.charCodeAt(i) === backslash ? 2 : 1;
  return i;
}

function addSpan(spans: [number, number][], text: string, from: number, to: number): void {
  const element = text.slice(from, to);
  const trimmed = element.trimStart();
  if (trimmed === "") return;
  const start = to - trimmed.length;
  spans.push([start, start + trimmed.trimEnd().length]);
}
