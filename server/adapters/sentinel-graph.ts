import { graphEntities } from "./sentinel-evidence.ts";
import type { MicrosoftAlert } from "./sentinel-shapes.ts";
import { isRecord, type JsonRecord, textAt, textsAt } from "./text-field.ts";

/** `alerts_v2` of Microsoft Graph; the `@odata.type` is left out where only fields were chosen. */
export function isGraphAlert(sent: unknown): sent is JsonRecord {
  if (!isRecord(sent)) return false;
  if (sent["@odata.type"] === "#microsoft.graph.security.alert") return true;
  return (
    typeof sent.serviceSource === "string" && typeof sent.title === "string" && "createdDateTime" in sent
  );
}

export function readGraphAlert(all: JsonRecord): MicrosoftAlert {
  const text = (name: string) => textAt(all, name);
  const named = text("detectorId") ?? [text("serviceSource"), text("category")].filter(Boolean).join(":");
  return {
    id: text("id") ?? text("providerAlertId"),
    rules: named === "" ? [] : [named],
    title: text("title"),
    severity: text("severity"),
    status: text("status"),
    workspace: text("tenantId"),
    product: text("productName") ?? text("serviceSource"),
    victim: undefined,
    entities: graphEntities(all.evidence),
    techniques: textsAt(all, "mitreTechniques"),
    tags: [...textsAt(all, "category"), ...textsAt(all, "systemTags")],
    description: text("description"),
    times: [all.lastActivityDateTime, all.firstActivityDateTime, all.createdDateTime],
    links: [
      { href: text("alertWebUrl"), text: "Alert" },
      { href: text("incidentWebUrl"), text: "Incident" },
    ],
  };
}
