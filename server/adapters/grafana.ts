import type { Adapter, Reading } from "./adapter.ts";
import { labelledDraft } from "./alertmanager-draft.ts";
import { fewRecords } from "./as-list.ts";
import { type AlertDraft, fitAlert, invalid } from "./fit-alert.ts";
import { isGrafanaNotification } from "./grafana-notification.ts";
import { severityOfWord } from "./severity-scale.ts";
import { fieldAt, firstText, isRecord, textAt, textEntries } from "./text-field.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

/** Grafana leaves the naming to the rule's author; these are the usual ones, best first. */
const severityNames = ["severity", "priority", "level"];

/** The result of each query and expression when the rule was evaluated; what changes all the time is no label. */
function valuesOf(item: unknown): string | undefined {
  const values = textEntries(fieldAt(item, "values")).map(([name, value]) => `${name} = ${value}`);
  return values.length > 0 ? values.join(", ") : textAt(item, "valueString");
}

function linksOf(item: unknown, envelope: unknown): NonNullable<AlertDraft["links"]> {
  return [
    { href: textAt(item, "generatorURL"), text: "Rule" },
    { href: textAt(item, "dashboardURL"), text: "Dashboard" },
    { href: textAt(item, "panelURL"), text: "Panel" },
    { href: textAt(item, "imageURL"), text: "Picture" },
    { href: textAt(item, "silenceURL"), text: "Silence it in Grafana" },
    { href: textAt(envelope, "externalURL"), text: "Grafana" },
  ];
}

function readItem(item: unknown, envelope: unknown, textIsClean: boolean): Reading {
  if (!isRecord(item)) return invalid("alert: must be an object");
  const labels = textEntries(item.labels);
  if (labels.length === 0) return invalid("labels: at least one label with a value is required");
  const organisation = textAt(item, "orgId") ?? textAt(envelope, "orgId");
  const draft = labelledDraft(["grafana", organisation], item, envelope, labels);
  const native = firstText(item.labels, severityNames);
  const values = valuesOf(item);
  const described: AlertDraft = {
    ...draft,
    severity: severityOfWord(native ?? "") ?? "medium",
    labels: [
      ...labels,
      ["grafana_org", organisation],
      ["grafana_state_reason", textAt(item, "annotations.grafana_state_reason")],
    ],
    description: [draft.description, values && `Values: ${values}`].filter(Boolean).join("\n"),
    links: linksOf(item, envelope),
    hints: { ...draft.hints, nativeSeverity: native },
  };
  return fitAlert(described, textIsClean);
}

function readGrafana(record: unknown, textIsClean = false): Reading[] {
  const deep = findOddity(record, true);
  if (deep) return [{ reject: { code: deep.code, message: sayOddity(deep) } }];
  if (!isRecord(record) || !Array.isArray(record.alerts)) {
    return [invalid("alerts: a list is required in a Grafana notification")];
  }
  return fewRecords(record.alerts).map((item) => readItem(item, record, textIsClean));
}

/**
 * Webhook notifications of Grafana Alerting (9 and newer), a superset of Alertmanager's. Identity: the organisation
 * and every label, in the order of their names; values and annotations never count. Severity: the label severity,
 * else priority or level, in words. A notification repeated while the alert fires (same labels, same `startsAt`) is
 * a heartbeat. Hints: as in `labelledDraft`.
 */
export const grafana: Adapter = {
  format: "grafana",
  recognises: isGrafanaNotification,
  read: readGrafana,
};
