import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withoutCredentials } from "../../server/intake/without-credentials.ts";

const note = '"(a key that Quietwatch did not keep)"';
const kept = (text: string, type: "json" | "ndjson" = "json", format: "pagerduty" | "auto" = "pagerduty") =>
  withoutCredentials(format, type, Buffer.from(text)).toString();

describe("a key in a body", () => {
  test.each([
    ['{"routing_key":"K","a":1}', `{"routing_key":${note},"a":1}`],
    [
      '{ "a" : "routing_key" , "routing_key" :\n "K\\"K" }',
      `{ "a" : "routing_key" , "routing_key" :\n ${note} }`,
    ],
    ['[{"routing_key":"K"},{"routing_key":"L"}]', `[{"routing_key":${note}},{"routing_key":${note}}]`],
    ['{"routing\\u005fkey":"K"}', `{"routing\\u005fkey":${note}}`],
    ['{"routing_key":"K","routing_key":"L"}', `{"routing_key":${note},"routing_key":${note}}`],
    ['{"{":"}","routing_key":"K"}', `{"{":"}","routing_key":${note}}`],
  ])("is replaced in %s", (text, expected) => {
    expect(kept(text)).toBe(expected);
  });

  test.each([
    '{"payload":{"routing_key":"orders.new"}}',
    '{"links":[{"routing_key":"x"}]}',
    '{"routing_key":5}',
    '["routing_key","x"]',
    '"routing_key"',
    "{}",
  ])("is not seen in %s", (text) => expect(kept(text)).toBe(text));

  test("is replaced in every line, whatever stands in the others", () => {
    const lines = ['{"routing_key":"K"}', '{"broken', '{"routing_key":"L"', '{"routing_key":"M"}'];
    expect(kept(lines.join("\n"), "ndjson")).not.toMatch(/"[KLM]"/);
  });

  test("is looked for in what looks like an event of PagerDuty only", () => {
    const queue = '{"routing_key":"orders.new","exchange":"shop"}';
    expect(kept(queue, "json", "auto")).toBe(queue);
    for (const event of [
      '{"routing_key":"K","event_action":"trigger"}',
      '{"event_action":"trigger","payload":{"a":{}},"routing_key":"K"}',
      '{"specversion":"1.0","data":{"routing_key":"K","event_action":"trigger"}}',
      '{"routing_key":"K","event\\u005faction":"trigger"}',
    ]) {
      expect(kept(event, "json", "auto")).not.toContain('"K"');
    }
    const around = '{"event_action":"trigger","payload":{"custom_details":{"routing_key":"orders.new"}}}';
    expect(kept(around, "json", "auto")).toBe(around);
    expect(kept(around)).toBe(around);
    expect(withoutCredentials("wazuh", "json", Buffer.from(queue)).toString()).toBe(queue);
  });

  test("is replaced as often as it is repeated", () => {
    const text = `{${'"routing_key":"K",'.repeat(200_000)}"a":1}`;
    expect(kept(text)).not.toContain('"K"');
  });

  test("changes nothing else of any JSON", () => {
    const record = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(record, fc.string(), fc.constantFrom(0, 2), (rest, key, indent) => {
        const text = JSON.stringify({ ...rest, routing_key: key }, null, indent);
        // Compared as text: a record may well have a field named `__proto__`.
        const expected = { ...JSON.parse(text), routing_key: JSON.parse(note) };
        expect(JSON.stringify(JSON.parse(kept(text)))).toBe(JSON.stringify(expected));
      }),
    );
  });
});
