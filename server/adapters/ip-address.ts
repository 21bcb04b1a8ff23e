const v4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
const v6 = /^(?=.*:.*:)[0-9a-fA-F:]{2,39}(?:(?<=:)\d{1,3}(?:\.\d{1,3}){3})?(?:%[\w.-]{1,32})?$/;
const privateRange =
  /^(?:10\.|127\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|::1$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/i;

export function isIp(text: string): boolean {
  return text.length <= 72 && (v4.test(text) || v6.test(text));
}

/** Private, shared, link-local or loopback: the end of a connection that is most likely one's own. */
export function isPrivateIp(ip: string): boolean {
  return privateRange.test(ip);
}

/** Loopback and "any": true of every machine, so it tells none apart. */
export function saysNothing(ip: string): boolean {
  return /^(?:127\.|0\.0\.0\.0$|::1$|::$)/.test(ip);
}

export interface Endpoint {
  ip: string;
  port?: number;
}

/** `192.0.2.7:443`, `2001:db8::1:443` as Suricata prints it, `[2001:db8::1]:443`, or an address alone. */
export function endpointOf(text: string): Endpoint | undefined {
  const match = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(text);
  const [, ip, port] = match ?? [];
  if (ip && isIp(ip)) return { ip, port: Number(port) };
  return isIp(text) ? { ip: text } : undefined;
}
