import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Readable beginnings, so that scanners for leaked secrets can tell ours. */
const prefixes = {
  api: "qw_api_",
  session: "qw_ses_",
  access: "qw_acc_",
  refresh: "qw_ref_",
  link: "qw_link_",
  device: "qw_dev_",
} as const;

export type SecretKind = keyof typeof prefixes;

export function newSecret(kind: SecretKind): string {
  return prefixes[kind] + randomBytes(32).toString("base64url");
}

/** SHA-256 in hex; all that is ever stored. A secret has 256 random bits, so no salt or slow hash is needed. */
export function hashSecret(secret: string): string {
  return digest(secret).toString("hex");
}

/** Whether `text` has the form of such a secret; what has not is refused without asking the store. */
export function looksLike(kind: SecretKind, text: string): boolean {
  const prefix = prefixes[kind];
  return text.startsWith(prefix) && /^[\w-]{43}$/.test(text.slice(prefix.length));
}

/** Compares in a time that tells nothing about where, or by how many characters, a text and the secret differ. */
export function secretMatcher(secret: string): (text: string) => boolean {
  const expected = digest(secret);
  return (text) => timingSafeEqual(digest(text), expected);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
