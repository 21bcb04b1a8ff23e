/** `abcd efgh` and `ABCDEFGH` are the same code as `ABCD-EFGH`; null when it cannot be one. */
export function codeFrom(text: string): string | null {
  const letters = text.toUpperCase().replace(/[\s-]/g, "");
  return /^[A-Z0-9]{8}$/.test(letters) ? `${letters.slice(0, 4)}-${letters.slice(4)}` : null;
}
