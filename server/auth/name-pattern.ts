/**
 * Whether a name is one that a pattern of the policy lets in; `*` stands for any run of characters. Unlike the
 * patterns that place alerts it minds the case: other systems tell names apart by it.
 */
export function isNamedBy(name: string, pattern: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
