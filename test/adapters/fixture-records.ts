import { readFileSync } from "node:fs";
import type { Reading, Reject } from "../../server/adapters/adapter.ts";
import { adapterFor } from "../../server/adapters/registry.ts";
import { type Alert, type Format, formats } from "../../shared/alert.ts";

const folder = new URL("../fixtures/", import.meta.url);

export function fixtureText(path: string): string {
  return readFileSync(new URL(path, folder), "utf8");
}

/** The records of a fixture as intake would hand them to an adapter. */
export function fixtureRecords(path: string): unknown[] {
  const text = fixtureText(path);
  const textFormat = path.endsWith(".log") && formats.find((format) => path.startsWith(`${format}/`));
  const spans = textFormat ? adapterFor(textFormat).textRecords?.(text) : undefined;
  if (spans !== undefined) return spans.map((span) => text.slice(...span));
  if (path.endsWith(".ndjson")) {
    const lines = text.split("\n").filter((line) => line !== "");
    return lines.map((line): unknown => JSON.parse(line));
  }
  const parsed: unknown = JSON.parse(text);
  return Array.isArray(parsed) ? parsed : [parsed];
}

export const fixturesOf: Record<Format, readonly string[]> = {
  alert: ["alert/records.ndjson"],
  wazuh: ["wazuh/alerts.ndjson"],
  suricata: ["suricata/eve.ndjson"],
  aminer: ["aminer/anomalies.ndjson"],
  alertmanager: [
    "alertmanager/webhook-firing.json",
    "alertmanager/webhook-resolved-v3.json",
    "alertmanager/posted.json",
  ],
  grafana: ["grafana/firing.json", "grafana/without-organisation.json"],
  cloudevents: ["cloudevents/events.ndjson"],
  falco: ["falco/alerts.ndjson"],
  pagerduty: ["pagerduty/events.ndjson"],
  alerta: ["alerta/alerts.ndjson"],
  opsgenie: ["opsgenie/alerts.ndjson"],
  mozlog: ["mozlog/entries.ndjson"],
  elastic: ["elastic/documents.ndjson"],
  ossec: ["ossec/alerts.ndjson", "ossec/alerts.log"],
  auditd: ["auditd/events.ndjson", "auditd/audit.log"],
  mozdef: ["mozdef/records.ndjson"],
  ocsf: ["ocsf/findings.ndjson"],
  guardduty: ["guardduty/findings.ndjson"],
  cloudtrail: ["cloudtrail/records.ndjson"],
  "gcp-logging": ["gcp-logging/entries.ndjson"],
  "gcp-scc": ["gcp-scc/notifications.ndjson"],
  hackerone: ["hackerone/reports.ndjson"],
  bugcrowd: ["bugcrowd/submissions.ndjson"],
  sentinel: ["sentinel/alerts.ndjson"],
  generic: ["generic/records.ndjson"],
};

export function read(format: Format, record: unknown): Reading[] {
  return adapterFor(format).read(record);
}

/** The only alert of a record; fails on a reject or on several. */
export function alertOf(readings: readonly Reading[]): Alert {
  const [reading, ...more] = readings;
  if (!reading?.alert || more.length > 0) throw new Error(`not one alert: ${JSON.stringify(readings)}`);
  return reading.alert;
}

export function rejectOf(readings: readonly Reading[]): Reject {
  const [reading, ...more] = readings;
  if (!reading?.reject || more.length > 0) throw new Error(`not one reject: ${JSON.stringify(readings)}`);
  return reading.reject;
}

/** All alerts of a fixture, in order; fails on a reject. */
export function fixtureAlerts(format: Format, path: string): Alert[] {
  const readings = fixtureRecords(path).flatMap((record) => read(format, record));
  return readings.map((reading) => alertOf([reading]));
}
