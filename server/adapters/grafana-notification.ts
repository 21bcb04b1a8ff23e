import { isRecord } from "./text-field.ts";

const itemMarks = ["silenceURL", "dashboardURL", "panelURL", "imageURL", "values", "valueString"];

/**
 * True of a notification that only Grafana Alerting sends: Alertmanager's webhook has neither an organisation nor
 * Grafana's links and values. Alertmanager's recogniser asks too, so that every notification is of one format.
 */
export function isGrafanaNotification(record: unknown): boolean {
  if (!isRecord(record) || !Array.isArray(record.alerts)) return false;
  const { alerts } = record;
  if (!alerts.every((item) => isRecord(item) && isRecord(item.labels))) return false;
  const isNotification = isRecord(record.groupLabels) || typeof record.receiver === "string";
  const isGrafana =
    record.orgId !== undefined || alerts.some((item) => itemMarks.some((name) => item[name] !== undefined));
  return isNotification && isGrafana;
}
