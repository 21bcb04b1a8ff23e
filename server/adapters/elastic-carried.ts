import { ecsText } from "./elastic-field.ts";
import type { AlertDraft, RoledEntity } from "./fit-alert.ts";
import { type Endpoint, endpointOf } from "./ip-address.ts";
import { suricataDraft } from "./suricata-alert.ts";

function endAt(doc: unknown, end: "source" | "destination"): Endpoint | undefined {
  const ip = endpointOf(ecsText(doc, `${end}.ip`) ?? ecsText(doc, `${end}.address`) ?? "")?.ip;
  const port = Number(ecsText(doc, `${end}.port`) ?? Number.NaN);
  return ip === undefined ? undefined : { ip, ...(Number.isInteger(port) && { port }) };
}

/**
 * The Suricata alert that Filebeat or the Elastic integration carries, as Suricata's own: the draft is the one that
 * suricata.ts makes, so identity and detector are the same as if it had come directly.
 */
export function carriedByElastic(doc: unknown): (AlertDraft & { entities: RoledEntity[] }) | undefined {
  if (ecsText(doc, "event.module") !== "suricata") return undefined;
  const signatureId = ecsText(doc, "suricata.eve.alert.signature_id") ?? ecsText(doc, "rule.id");
  const signature = ecsText(doc, "suricata.eve.alert.signature") ?? ecsText(doc, "rule.name");
  if (signatureId === undefined || signature === undefined) return undefined;
  const priority = Number(ecsText(doc, "event.severity") ?? Number.NaN);
  return suricataDraft({
    gid: ecsText(doc, "suricata.eve.alert.gid") ?? "1",
    signatureId,
    signature,
    category: ecsText(doc, "suricata.eve.alert.category") ?? ecsText(doc, "rule.category"),
    priority: Number.isNaN(priority) ? undefined : priority,
    protocol: ecsText(doc, "network.transport")?.toUpperCase(),
    source: endAt(doc, "source"),
    destination: endAt(doc, "destination"),
  });
}
