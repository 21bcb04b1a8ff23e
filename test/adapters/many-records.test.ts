import { expect, test } from "vitest";
import { type Format, limits } from "../../shared/alert.ts";
import { read } from "./fixture-records.ts";

const many: unknown[] = Array.from({ length: 200_000 }, () => 1);
const event = { specversion: "1.0", id: "1", source: "/s", type: "t" };

/** Records whose one list holds more than a request may; intake refuses them for what is read. */
const sent: [Format, object][] = [
  ["cloudevents", { ...event, data: many }],
  ["cloudevents", { ...event, data: JSON.stringify(many) }],
  ["elastic", { alerts: many }],
  ["alertmanager", { version: "4", alerts: many }],
  ["grafana", { alerts: many }],
  ["guardduty", { Findings: many }],
  ["cloudtrail", { Records: many }],
  ["ocsf", { detail: { findings: many } }],
  ["hackerone", { data: many }],
  ["bugcrowd", { data: many }],
  ["sentinel", { value: many }],
];

test.each(sent)("no more is read of a record of %s than it takes to refuse it", (format, record) => {
  expect(read(format, record)).toHaveLength(limits.alertsPerRequest + 1);
});
