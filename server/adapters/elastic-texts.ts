import { ecsField, ecsText, ecsTexts } from "./elastic-field.ts";
import type { AlertDraft } from "./fit-alert.ts";
import { textEntries } from "./text-field.ts";

export function ecsLabels(doc: unknown): (readonly [string, string | undefined])[] {
  const joined = (...paths: string[]) => paths.flatMap((path) => ecsTexts(doc, path)).join(", ");
  return [
    ["tags", joined("tags", "kibana.alert.rule.tags", "kibana.alert.workflow_tags")],
    ["module", ecsText(doc, "event.module")],
    ["dataset", ecsText(doc, "event.dataset")],
    ["action", ecsText(doc, "event.action")],
    ["space", joined("kibana.space_ids")],
    ["account_name", ecsText(doc, "cloud.account.name")],
    ["region", ecsText(doc, "cloud.region")],
    ["cluster", ecsText(doc, "orchestrator.cluster.name")],
    ["namespace", ecsText(doc, "orchestrator.namespace")],
    ["building_block", ecsText(doc, "kibana.alert.building_block_type")],
    ...textEntries(ecsField(doc, "labels")),
  ];
}

export function ecsDescription(doc: unknown): string {
  const said = ["kibana.alert.reason", "message", "kibana.alert.rule.description", "rule.description"];
  const doubts = ecsTexts(doc, "kibana.alert.rule.false_positives").map((one) => `False positive: ${one}`);
  return [...said.flatMap((path) => ecsTexts(doc, path)), ...doubts].join("\n");
}

export function ecsLinks(doc: unknown): NonNullable<AlertDraft["links"]> {
  const links = (text: string, paths: string[]) =>
    paths.flatMap((path) => ecsTexts(doc, path)).map((href) => ({ href, text }));
  return [
    ...links("Kibana", ["kibana.alert.url"]),
    ...links("Event", ["event.url"]),
    ...links("Rule", ["rule.reference", "event.reference"]),
    ...links("Reference", ["kibana.alert.rule.references"]),
  ];
}
