import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutSecrets } from "../../server/services/rejects/without-secrets.ts";

describe("what is kept of a reject", () => {
  it.each([
    ['{"password": "hunter2", "a": 1}', '{"password": "(left out)", "a": 1}'],
    ['{"aws_secret_access_key":"wJalr\\"x/K7"}', '{"aws_secret_access_key":"(left out)"}'],
    ['{"routing_key":"R0UT1NG', '{"routing_key":"(left out)"'],
    ['{"secret": {"a": 1}}', '{"secret": {"a": 1}}'],
    ["user=ada password=hunter2 ok", 'user=ada password="(left out)" ok'],
    ["api-key: abcdef, next", 'api-key: "(left out)", next'],
    ["x Bearer abc.def-ghi y", "x Bearer (left out) y"],
    ["https://ada:hunter2@example.com/x", "https://(left out)@example.com/x"],
    ["key AKIAIOSFODNN7EXAMPLE end", "key (left out) end"],
    [`t ${"eyJhbGciOiJub25lIn0"}.eyJzdWIiOiJ4In0.c2ln u`, "t (left out) u"],
    [`qw_api_${"a".repeat(43)}!`, "(left out)!"],
    ["-----BEGIN RSA PRIVATE KEY-----\nMIIE", "(left out)"],
    ['{\\"token\\": \\"abc\\"}', '{\\"token\\": "(left out)"}'],
  ])("has no credential: %s", (text, kept) => {
    expect(withoutSecrets(text)).toBe(kept);
  });

  it.each([
    '{"rule": {"id": 5715, "level": 3}, "full_log": "Accepted publickey"}',
    "a: b",
    "",
    "ada@example.com",
  ])("is as it was where there is none: %s", (text) => {
    expect(withoutSecrets(text)).toBe(text);
  });

  it("is found quickly, whatever was sent", () => {
    const parts = fc.constantFrom(
      "secret",
      "token",
      '"',
      "\\",
      "-",
      "_",
      ":",
      "=",
      " ",
      "a",
      "Bearer ",
      "://",
      "eyJ",
    );
    const texts = fc.array(parts, { maxLength: 1_500 }).map((list) => list.join("").slice(0, 4_096));
    fc.assert(
      fc.property(texts, (text) => {
        const started = performance.now();
        withoutSecrets(text);
        expect(performance.now() - started).toBeLessThan(200);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    "a",
    "-",
    "a-",
    "secret",
    '"secret',
    "Bearer ",
    "eyJaaaaaaaa.",
    ":// ",
    " \t",
    '\\"',
    "-----BEGIN PRIVATE KEY-----",
  ])("is found quickly in a text made of %j alone", (part) => {
    const text = part.repeat(4_096).slice(0, 4_096);
    const started = performance.now();
    for (let i = 0; i < 5; i += 1) withoutSecrets(text);
    expect((performance.now() - started) / 5).toBeLessThan(20);
  });
});
