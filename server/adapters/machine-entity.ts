import type { RoledEntity } from "./fit-alert.ts";
import { endpointOf } from "./ip-address.ts";

/** What tools of monitoring call a source, resource or instance: a web address, an address, or a host with its port. */
export function machineEntity(text: string): RoledEntity {
  const trimmed = text.trim();
  if (/^https?:\/\//i.test(trimmed)) return { type: "url", value: trimmed, role: "target" };
  const ip = endpointOf(trimmed)?.ip;
  if (ip) return { type: "ip", value: ip, role: "target" };
  return { type: "host", value: trimmed.replace(/:\d{1,5}$/, ""), role: "target" };
}
