import { describe, expect, test } from "vitest";
import { adapterFor } from "../../server/adapters/registry.ts";
import { findOddity, textIsClean } from "../../server/adapters/well-formed.ts";
import { type Format, formats } from "../../shared/alert.ts";
import { alertOf, fixtureRecords, fixturesOf } from "./fixture-records.ts";

/** JSON whose backslashes are written as \u005c, so that an escape comes to be only when it is parsed again. */
function hidden(inner: string): string {
  return JSON.stringify(inner).replaceAll("\\\\", "\\u005c");
}

describe("a body whose text is known to be clean", () => {
  test.each(formats)("gives the same readings of %s", (format) => {
    const records = fixturesOf[format].flatMap(fixtureRecords);
    const clean = records.filter((one) => typeof one !== "string" && textIsClean(JSON.stringify(one)));
    expect(clean.length).toBeGreaterThan(0);
    const { read } = adapterFor(format);
    for (const record of clean) expect(read(record, true)).toEqual(read(record, false));
  });

  const eve = String.raw`{"event_type":"alert","src_ip":"192.0.2.1","alert":{"signature_id":1,"signature":"a\u0000b"}}`;
  const labels = String.raw`{"labels":{"alertname":"a\u0000b"}}`;
  test.each<[Format, string]>([
    ["wazuh", `{"rule":{"id":"1","level":3},"agent":{"id":"1"},"full_log":${hidden(eve)}}`],
    ["cloudevents", `{"specversion":"1.0","id":"1","source":"/s","type":"t","data":${hidden(labels)}}`],
  ])("is not trusted for what %s parses out of a text", (format, body) => {
    expect(textIsClean(body)).toBe(true);
    const alert = alertOf(adapterFor(format).read(JSON.parse(body), true));
    expect(alert.title).toBe("a␀b");
    expect(findOddity(alert)).toBeUndefined();
  });
});
