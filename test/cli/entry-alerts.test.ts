import { expect, it } from "vitest";
import type { EntryHeader } from "../../server/intake/entry.ts";
import { readPlace } from "../../server/intake/entry.ts";
import { entryAlerts } from "../../server/services/export/entry-alerts.ts";

const one = '{"source":"a", "rule":"r","title":"t, ] \\"","severity":"low"}';
const webhook = JSON.stringify({
  version: "4",
  groupKey: "g",
  receiver: "r",
  status: "firing",
  alerts: ["a", "b", "c"].map((job) => ({
    status: "firing",
    labels: { alertname: "Down", job },
    annotations: {},
  })),
});

it.each<
  [what: string, format: EntryHeader["format"], type: EntryHeader["type"], text: string, alerts: number]
>([
  ["an array", "alert", "json", `\n[ ${one} , [${one}], 7,${one}]`, 2],
  ["one object over lines", "alert", "json", JSON.stringify(JSON.parse(one), null, 2), 1],
  ["lines, some of them damaged", "alert", "ndjson", `${one}\r\n\r\nnonsense\n[${one}]\n${one}`, 2],
  ["records that hold several alerts", "alertmanager", "json", `[${webhook},{},${webhook}]`, 6],
  [
    "a text of several lines a record, cut at both ends",
    "ossec",
    "text",
    `lost\n${["a", "b"].map((user) => `** Alert 1.2: - x,\r\n2026 Nov 23 12:00:00 h->f\r\nRule: 1 (level 2) -> 'é'\r\nUser: ${user}\r\n\r\n`).join("")}** Alert 3.4: -`,
    2,
  ],
  ["formats that were found out", "auto", "ndjson", `${one}\n${webhook}\n{"x":1}`, 4],
])("%s: every alert in one pass is what its place alone gives", (_what, format, type, text, alerts) => {
  const header: EntryHeader = { format, type, actorId: "a", ceiling: null };
  const entry = { header, body: Buffer.from(text), base: 5, places: 20 };
  const passed = [...entryAlerts(entry)].map((found) => ({
    ...found,
    original: Buffer.from(found.original),
  }));
  const placed = Array.from({ length: 20 }, (_, i) => {
    const reading = readPlace(entry, i);
    return reading === null ? [] : [{ place: 5 + i, ...reading }];
  }).flat();
  expect(passed).toHaveLength(alerts);
  expect(passed).toEqual(placed);
});
