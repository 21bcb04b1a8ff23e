const v4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
/** Of what has two colons or more. */
const v6 = /^[0-9a-fA-F:]{2,39}(?:(?<=:)\d{1,3}(?:\.\d{1,3}){3})?(?:%[\w.-]{1,32})?$/;
const privateRange =
  /^(?:10\.|127\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|::1$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/i;
const ofEveryMachine = /^(?:127\.|0\.0\.0\.0$|::1$|::$)/;
const portNumber = /^\d{1,5}$/;

export function isIp(text: string): boolean {
  if (text.length > 72) return false;
  const colon = text.indexOf(":");
  if (colon === -1) return v4.test(text);
  return text.indexOf(":", colon + 1) !== -1 && v6.test(text);
}

/** Private, shared, link-local or loopback: the end of a connection that is most likely one's own. */
export function isPrivateIp(ip: string): boolean {
  return privateRange.test(ip);
}

/** Loopback and "any": true of every machine, so it tells none apart. */
export function saysNothing(ip: string): boolean {
  return ofEveryMachine.test(ip);
}

export interface Endpoint {
  ip: string;
  port?: number;
}

/** `192.0.2.7:443`, `2001:db8::1:443` as Suricata prints it, `[2001:db8::1]:443`, or an address alone. */
export function endpointOf(text: string): Endpoint | undefined {
  const colon = text.lastIndexOf(":");
  const port = text.slice(colon + 1);
  if (colon > 0 && portNumber.test(port)) {
    const ip = text.slice(text.startsWith("[") ? 1 : 0, text[colon - 1] === "]" ? colon - 1 : colon);
    if (isIp(ip)) return { ip, port: Number(port) };
  }
  return isIp(text) ? { ip: text } : undefined;
}
