/**
 * Matches text against a pattern in which `*` stands for any run of characters, without regard to case. Linear in
 * the text for each star; no regular expression is made of a pattern or run on a hostile text.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  const parts = pattern.toLowerCase().split("*");
  const subject = text.toLowerCase();
  const [first = "", ...rest] = parts;
  if (rest.length === 0) return subject === first;
  if (!subject.startsWith(first)) return false;
  const last = rest.pop() ?? "";
  let at = first.length;
  for (const part of rest) {
    const found = subject.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return subject.length - last.length >= at && subject.endsWith(last);
}
