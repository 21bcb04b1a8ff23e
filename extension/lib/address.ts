/** A server address a person typed that cannot be used; the message says why. */
export class AddressError extends Error {}

export interface ServerAddress {
  /** Scheme, host and port, without a trailing slash. */
  origin: string;
  /** Firefox refuses ports in match patterns, and without one every port of the host matches. */
  pattern: string;
  /** False for plain http over a network. */
  isPrivate: boolean;
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

function parse(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

function withScheme(text: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text;
  const bare = parse(`http://${text}`);
  return bare !== null && isLoopback(bare.hostname) ? `http://${text}` : `https://${text}`;
}

/** What a person types becomes the origin to talk to: a missing scheme is https, or http on this computer. */
export function normaliseAddress(text: string): ServerAddress {
  const trimmed = text.trim();
  if (trimmed === "") throw new AddressError("Enter the address of your Quietwatch server.");
  const url = parse(withScheme(trimmed));
  if (url === null || url.hostname === "") throw new AddressError("This is not an address.");
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new AddressError("The address must start with https:// or http://.");
  }
  if (url.username !== "" || url.password !== "") {
    throw new AddressError("The address must not carry a name or a password.");
  }
  return {
    origin: url.origin,
    pattern: `${url.protocol}//${url.hostname}/*`,
    isPrivate: url.protocol === "https:" || isLoopback(url.hostname),
  };
}
