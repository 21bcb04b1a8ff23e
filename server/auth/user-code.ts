import { randomInt } from "node:crypto";

/** RFC 8628 section 6.1: no vowels, so that no words appear, and nothing that reads as something else. */
const alphabet = "BCDFGHJKLMNPQRSTVWXZ";

/** `XXXX-XXXX`, one of 20^8. */
export function newUserCode(): string {
  const letters = Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)]).join("");
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** The code a person typed, whatever its case, spaces and dashes; null when it cannot be one. */
export function readUserCode(typed: string): string | null {
  if (typed.length > 64) return null;
  const letters = typed.toUpperCase().replaceAll(/[\s\p{Pd}]/gu, "");
  if (letters.length !== 8 || [...letters].some((letter) => !alphabet.includes(letter))) return null;
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
