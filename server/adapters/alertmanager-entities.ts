import type { EntityType } from "../../shared/alert.ts";
import type { RoledEntity } from "./fit-alert.ts";
import { endpointOf, isIp } from "./ip-address.ts";
import { textAt } from "./text-field.ts";

const places: readonly [label: string, type: EntityType][] = [
  ["instance", "host"],
  ["host", "host"],
  ["hostname", "host"],
  ["node", "host"],
  ["nodename", "host"],
  ["pod", "container"],
  ["container", "container"],
  ["ip", "ip"],
  ["domain", "domain"],
  ["user", "user"],
];

/** `web-1:9100`, `192.0.2.7:9100`, `https://shop.example.com/health` (the blackbox exporter's instances). */
function machine(text: string): RoledEntity {
  if (/^https?:\/\//i.test(text)) return { type: "url", value: text, role: "target" };
  const ip = endpointOf(text)?.ip;
  if (ip) return { type: "ip", value: ip, role: "target" };
  return { type: "host", value: text.replace(/:\d{1,5}$/, ""), role: "target" };
}

/** What an alert of metrics is about is always its target: nobody is named as the cause. */
export function entitiesOfLabels(labels: unknown): RoledEntity[] {
  const entities: RoledEntity[] = [];
  for (const [label, type] of places) {
    const text = textAt(labels, label);
    if (text === undefined || (type === "ip" && !isIp(text))) continue;
    entities.push(type === "host" ? machine(text) : { type, value: text, role: "target" });
  }
  return entities;
}
