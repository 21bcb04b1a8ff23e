import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** One DER element: tag, length, contents (X.690 section 8). */
function der(tag: number, ...contents: Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(body.length);
  const length = size.subarray(size.findIndex((byte) => byte > 0));
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
}

const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts);
const sha256WithRsa = sequence(Buffer.from("06092a864886f70d01010b0500", "hex"));
const commonName = Buffer.from("0603550403", "hex");

function time(at: Date): Buffer {
  return der(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replace(/[-T:]/g, "")}Z`));
}

function nameOf(name: string): Buffer {
  return sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(name)))));
}

/** A certificate for a key, signed by itself (RFC 5280 section 4.1), as PEM. */
function certificate(privateKey: KeyObject, from: Date, to: Date): string {
  const name = nameOf("sns.example.com");
  const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  const version = der(0xa0, der(0x02, Buffer.from([2])));
  const serial = der(0x02, Buffer.from([1]));
  const signed = sequence(
    version,
    serial,
    sha256WithRsa,
    name,
    sequence(time(from), time(to)),
    name,
    publicKey,
  );
  const signature = der(0x03, Buffer.from([0]), sign("RSA-SHA256", signed, privateKey));
  const lines =
    sequence(signed, sha256WithRsa, signature)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

export interface SelfSigned {
  privateKey: KeyObject;
  pem: string;
}

/** A fresh RSA key and its certificate, valid from the beginning of 2026 to the end of 2027. */
export function selfSigned(modulusLength = 2_048): SelfSigned {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength });
  const pem = certificate(privateKey, new Date("2026-01-01T00:00:00Z"), new Date("2027-12-31T00:00:00Z"));
  return { privateKey, pem };
}
