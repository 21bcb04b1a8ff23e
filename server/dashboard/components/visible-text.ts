// Directional overrides can make a name read backwards, and control characters can hide a part of it.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly the characters to make visible
const deceptive = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Text of an alert with characters that deceive the eye written out: `⟨U+202E⟩`. */
export function visibleText(text: string): string {
  return text.replace(deceptive, (one) => {
    const code = one.codePointAt(0) ?? 0;
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}
