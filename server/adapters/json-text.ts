/** The object or list that a text holds as JSON, else the text: many senders write JSON into a field of text. */
export function jsonIn(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    // Then it is text that only begins like JSON.
    return text;
  }
}
