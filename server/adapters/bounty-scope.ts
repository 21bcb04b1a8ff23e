import type { RoledEntity } from "./fit-alert.ts";
import { endpointOf } from "./ip-address.ts";

/** What a program of rewards has in scope: a web address, an IP address, a domain (`*.example.com`); else nothing. */
export function scopeEntity(asset: string | undefined): RoledEntity[] {
  const text = asset?.trim() ?? "";
  if (/^https?:\/\//i.test(text)) return [{ type: "url", value: text, role: "target" }];
  const ip = endpointOf(text)?.ip;
  if (ip) return [{ type: "ip", value: ip, role: "target" }];
  const domain = text.replace(/^\*\./, "").toLowerCase();
  const isDomain = domain.length <= 253 && /^(?:[a-z0-9_-]{1,63}\.)+[a-z]{2,63}$/.test(domain);
  return isDomain ? [{ type: "domain", value: domain, role: "target" }] : [];
}
