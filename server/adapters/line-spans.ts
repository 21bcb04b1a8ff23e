/** Where the lines of a text that are not blank stand, `[from, to)`, without the line feed or CRLF after them. */
export function* lineSpans(text: string): Generator<[number, number]> {
  let from = 0;
  while (from < text.length) {
    const feed = text.indexOf("\n", from);
    const end = feed === -1 ? text.length : feed;
    const to = end > from && text[end - 1] === "\r" ? end - 1 : end;
    if (!isBlank(text, from, to)) yield [from, to];
    from = end + 1;
  }
}

function isBlank(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) if (text.charAt(i).trim() !== "") return false;
  return true;
}

/**
 * Puts neighbouring lines together: a line goes on where the one before ended when both have the same key.
 * `keyOf` answers undefined for a line that separates nothing and is no record.
 */
export function spansByKey(text: string, keyOf: (line: string) => string | undefined): [number, number][] {
  const spans: [number, number][] = [];
  let last: [number, number] | undefined;
  let lastKey: string | undefined;
  for (const [from, to] of lineSpans(text)) {
    const key = keyOf(text.slice(from, to));
    if (key === undefined) continue;
    if (last !== undefined && key === lastKey) last[1] = to;
    else {
      last = [from, to];
      spans.push(last);
    }
    lastKey = key;
  }
  return spans;
}
