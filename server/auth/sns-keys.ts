import { type KeyObject, X509Certificate } from "node:crypto";
import type { Deps } from "../context.ts";
import { NotAllowedError, OverloadedError } from "../errors.ts";
import { fetchShort } from "./fetch-short.ts";

/** Finds the public key of a signing certificate by its address. */
export type SnsKeys = (address: URL) => Promise<KeyObject>;

const mostKept = 100;
const mostUnderway = 4;
const retrySeconds = 10;
const longestCertificate = 64 * 1024;
const fewestBits = 2_048;

interface Kept {
  key: KeyObject;
  from: number;
  to: number;
}

/**
 * Fetches each certificate once. The function throws NotAllowedError for one that is no good, and OverloadedError when
 * it cannot be had now, which SNS takes as a reason to send again.
 */
export function createSnsKeys({ fetch, clock }: Pick<Deps, "fetch" | "clock">): SnsKeys {
  const kept = new Map<string, Kept>();
  const underway = new Map<string, Promise<Kept>>();
  const failedAt = new Map<string, number>();

  async function load(address: URL): Promise<Kept> {
    try {
      const found = certificateOf(await fetchShort(fetch, address, longestCertificate));
      keep(kept, address.href, found);
      return found;
    } catch (error) {
      keep(failedAt, address.href, clock());
      throw error;
    } finally {
      underway.delete(address.href);
    }
  }

  /** Strangers must not be able to make the server ask again and again. */
  function request(address: URL): Promise<Kept> {
    const running = underway.get(address.href);
    if (running !== undefined) return running;
    const isTooSoon =
      clock() - (failedAt.get(address.href) ?? Number.NEGATIVE_INFINITY) < retrySeconds * 1_000;
    if (isTooSoon || underway.size >= mostUnderway) {
      throw new OverloadedError("the signing certificate cannot be fetched now", retrySeconds);
    }
    const fresh = load(address);
    underway.set(address.href, fresh);
    return fresh;
  }

  return async (address) => {
    const { key, from, to } = kept.get(address.href) ?? (await request(address));
    const now = clock();
    if (now < from || now > to) throw new NotAllowedError("the signing certificate is not valid today");
    return key;
  };
}

function keep<T>(map: Map<string, T>, name: string, value: T): void {
  map.set(name, value);
  const [oldest] = map.keys();
  if (map.size > mostKept && oldest !== undefined) map.delete(oldest);
}

function certificateOf(pem: string): Kept {
  const certificate = parsed(pem);
  const { publicKey } = certificate;
  if (
    publicKey.asymmetricKeyType !== "rsa" ||
    (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) < fewestBits
  ) {
    throw new NotAllowedError(`the signing certificate needs an RSA key of at least ${fewestBits} bits`);
  }
  return { key: publicKey, from: Date.parse(certificate.validFrom), to: Date.parse(certificate.validTo) };
}

function parsed(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new NotAllowedError("the address of the signing certificate holds no certificate");
  }
}
