import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cut, fitAlert } from "../../server/adapters/fit-alert.ts";
import { identityKey } from "../../server/adapters/identity-key.ts";
import { endpointOf, isIp, isPrivateIp } from "../../server/adapters/ip-address.ts";
import { epochTime, isoTime } from "../../server/adapters/native-time.ts";
import { alertOf } from "./fixture-records.ts";

const draft = { source: "s", rule: "r", title: "t", severity: "low" } as const;

describe("cutting a text", () => {
  test("ends it with an ellipsis at the limit and leaves shorter ones alone", () => {
    expect(cut("abcdef", 5)).toBe("abcd…");
    expect(cut("abcde", 5)).toBe("abcde");
  });

  test("never leaves half of a pair", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 2, max: 20 }), (text, longest) => {
        const short = cut(text, longest);
        expect(short.length).toBeLessThanOrEqual(longest);
        expect(short.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe("fitting an alert", () => {
  test("leaves out what is too many, and an entity too long to be itself", () => {
    const entities = Array.from(
      { length: 200 },
      (_, i) => ({ type: "host", value: `h${i}`, role: "target" }) as const,
    );
    const labels = Array.from({ length: 70 }, (_, i) => [`l${i}`, "v"] as const);
    const long = { type: "url", value: `https://example.com/${"x".repeat(1024)}`, role: "target" } as const;
    const alert = alertOf([fitAlert({ ...draft, entities: [long, ...entities], labels })]);
    expect(alert.entities).toHaveLength(128);
    expect(alert.entities?.[0]?.value).toBe("h0");
    expect(Object.keys(alert.labels ?? {})).toHaveLength(64);
  });

  test("names a thing once, in its first role", () => {
    const named = (role: "actor" | "target") => ({ type: "ip", value: "192.0.2.1", role }) as const;
    const { entities } = alertOf([fitAlert({ ...draft, entities: [named("actor"), named("target")] })]);
    expect(entities).toEqual([named("actor")]);
  });

  test("keeps ATT&CK ids only, once, and labels away from the prototype", () => {
    const labels = [
      ["__proto__", "x"],
      ["constructor", "y"],
      ["a", "b"],
    ] as const;
    const alert = alertOf([
      fitAlert({ ...draft, techniques: ["t1059.001", "T1059.001", "execution", ""], labels }),
    ]);
    expect(alert.techniques).toEqual(["T1059.001"]);
    expect(alert.labels).toEqual({ "(__proto__)": "x", constructor: "y", a: "b" });
  });

  test("shows a NUL and half a pair by stand-ins wherever they are, and loses nothing else", () => {
    const odd = "a\0b\ud800c🐟";
    const plain = "a\u2400b\ufffdc🐟";
    const given = (text: string) =>
      ({
        source: text,
        rule: text,
        title: text,
        severity: "high",
        environment: text,
        service: text,
        dedupKey: text,
        entities: [{ type: "user", value: text, role: "actor" }],
        labels: [[text, text]],
        description: text,
        links: [{ href: `https://example.com/${text}`, text }],
        hints: { nativeSeverity: text, instanceKey: text, heartbeatKey: text },
      }) as const;
    expect(alertOf([fitAlert(given(odd))])).toEqual(alertOf([fitAlert(given(plain))]));
    expect(JSON.stringify(alertOf([fitAlert(given(odd))]))).not.toMatch(/\\u0000|\\ud800/);
  });

  test("says nothing of what the record does not say", () => {
    expect(alertOf([fitAlert({ ...draft, environment: undefined, entities: [], hints: {} })])).toEqual(draft);
  });
});

describe("an identity", () => {
  test("differs whenever a part does", () => {
    const parts = fc.array(fc.string({ unit: fc.constantFrom("a", "|", "\\") }), {
      minLength: 3,
      maxLength: 3,
    });
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        expect(identityKey(one) === identityKey(other)).toBe(
          one.every((part, index) => part === other[index]),
        );
      }),
    );
  });

  test("that is long is a digest of one length", () => {
    expect(identityKey(["x".repeat(300)])).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(identityKey(["x".repeat(300)])).not.toBe(identityKey(["x".repeat(301)]));
  });
});

describe("a time", () => {
  test.each([
    ["2026-11-23T12:00:00.000+0000", "2026-11-23T12:00:00.000Z"],
    ["2026-11-23T12:00:00.123456789-05:00", "2026-11-23T17:00:00.123Z"],
    ["2026-11-23 12:00:00Z", "2026-11-23T12:00:00.000Z"],
    ["2026-11-23T12:00+0530", "2026-11-23T06:30:00.000Z"],
    ["2026-11-23 12:00:00 UTC", "2026-11-23T12:00:00.000Z"],
    ["0001-01-01T00:00:00Z", undefined],
    ["2026-11-23T12:00:00", undefined],
    ["2026-13-23T12:00:00Z", undefined],
    ["soon", undefined],
    [5, undefined],
  ])("%s is %s", (text, time) => {
    expect(isoTime(text)).toBe(time);
  });

  test.each([
    [1795435200, "2026-11-23T12:00:00.000Z"],
    [1795435200.25, "2026-11-23T12:00:00.250Z"],
    ["1795435200", "2026-11-23T12:00:00.000Z"],
    [1795435200000, "2026-11-23T12:00:00.000Z"],
    [1795435200000000, "2026-11-23T12:00:00.000Z"],
    [1795435200000000000, "2026-11-23T12:00:00.000Z"],
    [0, undefined],
    [-5, undefined],
    [1e30, undefined],
    ["soon", undefined],
    [null, undefined],
  ])("%s since 1970 is %s", (number, time) => {
    expect(epochTime(number)).toBe(time);
  });
});

describe("an address", () => {
  test.each([
    ["192.0.2.255", true],
    ["192.0.2.256", false],
    ["1.2.3", false],
    ["2001:db8::1", true],
    ["::ffff:192.0.2.1", true],
    ["fe80::1%eth0", true],
    ["12:34", false],
    ["web-1", false],
    ["1.2.3.4.", false],
  ])("%s: %s", (text, is) => {
    expect(isIp(text)).toBe(is);
  });

  test.each([
    ["192.0.2.7:443", { ip: "192.0.2.7", port: 443 }],
    ["[2001:db8::1]:443", { ip: "2001:db8::1", port: 443 }],
    ["192.0.2.7", { ip: "192.0.2.7" }],
    ["web-1:80", undefined],
  ])("%s has its port apart", (text, end) => {
    expect(endpointOf(text)).toEqual(end);
  });

  test.each([
    ["10.1.2.3", true],
    ["172.16.0.1", true],
    ["172.32.0.1", false],
    ["100.64.0.1", true],
    ["fd00::1", true],
    ["198.51.100.1", false],
  ])("%s private: %s", (ip, is) => {
    expect(isPrivateIp(ip)).toBe(is);
  });
});
