import { extractIOC } from "ioc-extractor";
import type { Entity, EntityType } from "../../shared/alert.ts";

const kinds: readonly [keyof ReturnType<typeof extractIOC>, EntityType][] = [
  ["ipv4s", "ip"],
  ["ipv6s", "ip"],
  ["urls", "url"],
  ["emails", "email"],
  ["domains", "domain"],
  ["sha256s", "hash"],
  ["sha1s", "hash"],
  ["md5s", "hash"],
];

/** Endings that are domains of the root zone as well, and in a log nearly always files. */
const fileEndings = new Set(["sh", "py", "pl", "rs", "md", "zip", "cc", "so", "ps", "mov"]);

const mostText = 4_096;
const mostWord = 253;
const mostDots = 16;
const pieceLength = 1_024;
const mostEntities = 64;

/**
 * Entities named in free text. The library's patterns are quadratic in the length of a word and in its dots, and
 * the text is an attacker's: words longer than a domain name or with many dots are left out, and the rest is read
 * in short pieces.
 */
export function extractEntities(text: string): Entity[] {
  const found = new Map<string, Entity>();
  for (const piece of piecesOf(wholeWords(text))) {
    const indicators = extractIOC(piece, { strict: true });
    for (const [field, type] of kinds) {
      for (const value of indicators[field]) {
        if (type === "domain" && isFileName(value)) continue;
        if (found.size >= mostEntities) return [...found.values()];
        found.set(`${type}:${value}`, { type, value });
      }
    }
  }
  return [...found.values()];
}

function isFileName(domain: string): boolean {
  return fileEndings.has(domain.slice(domain.lastIndexOf(".") + 1));
}

/** The words before the limit; half an address would be another address. */
function wholeWords(text: string): string {
  if (text.length <= mostText) return text;
  let end = mostText;
  while (end > 0 && !/\s/.test(text.charAt(end))) end -= 1;
  return text.slice(0, end);
}

function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let piece = "";
  for (const word of text.split(/\s+/)) {
    if (word.length > mostWord || word.split(".", mostDots + 2).length > mostDots + 1) continue;
    if (piece.length + word.length >= pieceLength) {
      pieces.push(piece);
      piece = "";
    }
    piece += ` ${word}`;
  }
  if (piece !== "") pieces.push(piece);
  return pieces;
}
