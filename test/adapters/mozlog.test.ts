import { describe, expect, test } from "vitest";
import { alertOf, fixtureAlerts, read, rejectOf } from "./fixture-records.ts";

const [fine, refused, again, failed, lockout, error, plain] = fixtureAlerts(
  "mozlog",
  "mozlog/entries.ndjson",
);

function logged(fields: object, more: object = {}) {
  return alertOf(
    read("mozlog", { Timestamp: 1, Type: "auth.lockout", Logger: "l", Severity: 4, Fields: fields, ...more }),
  );
}

describe("an entry in the mozlog envelope", () => {
  test("becomes an alert of its type, about its logger's service", () => {
    expect(lockout).toEqual({
      source: "mozlog",
      rule: "auth.lockout",
      title: "Account locked after 10 failures",
      severity: "medium",
      environment: "staging",
      service: "sign-in",
      occurredAt: "2026-11-23T12:00:04.123Z",
      dedupKey: "mozlog|sign-in|auth.lockout|staging|192.0.2.31|||203.0.113.9|ana",
      entities: [
        { type: "ip", value: "192.0.2.31", role: "target" },
        { type: "ip", value: "203.0.113.9", role: "actor" },
        { type: "user", value: "ana", role: "target" },
      ],
      labels: {
        logger: "sign-in",
        pid: "9",
        msg: "Account locked after 10 failures",
        user: "ana",
        ip: "203.0.113.9",
        env: "staging",
        tries: "10",
        "geo.country": "NL",
        "geo.asn": "64500",
      },
      hints: { nativeSeverity: "4" },
    });
  });

  test("of a request that went well is info, and an id of zeros is nobody", () => {
    expect(fine).toMatchObject({
      severity: "info",
      title: "GET /v1/items answered 200",
      rule: "request.summary",
    });
    expect(fine?.entities).toEqual([{ type: "host", value: "shop-api-7d9f8b6c5-x2x9z", role: "target" }]);
    expect(fine?.occurredAt).toBe("2026-11-23T12:00:00.123Z");
  });

  test("of a refused request is low, of a failed one medium, though both are logged with 6", () => {
    expect(refused).toMatchObject({
      severity: "low",
      title: "POST /v1/account/1717/login?next=%2F answered 400, errno 103",
      hints: { nativeSeverity: "6" },
    });
    expect(failed).toMatchObject({ severity: "medium", title: "GET /v1/cart: database gone" });
    const summary = { Type: "request.summary" };
    expect(logged({ errno: 503 }, { ...summary, Severity: 6 }).severity).toBe("medium");
    expect(logged({ errno: 0, code: 502 }, { ...summary, Severity: 6 }).severity).toBe("medium");
    expect(logged({ errno: 1 }, { ...summary, Severity: 2 }).severity).toBe("critical");
    expect(logged({ errno: 0 }, { ...summary, Severity: undefined }).severity).toBe("info");
  });

  test("names the caller from a list, from JSON in a text and from what proxies add", () => {
    expect(refused?.entities).toEqual([
      { type: "host", value: "shop-api-7d9f8b6c5-x2x9z", role: "target" },
      { type: "ip", value: "203.0.113.7", role: "actor" },
      { type: "user", value: "4f1c9a7e00000000", role: "target" },
      { type: "email", value: "ana@example.com", role: "target" },
    ]);
    expect(again?.entities).toContainEqual({ type: "ip", value: "198.51.100.9", role: "actor" });
    expect(failed?.entities).toContainEqual({ type: "ip", value: "203.0.113.8", role: "actor" });
  });

  test("of a request folds over callers, pods and numbers in the path, not over endpoints or answers", () => {
    expect(again?.dedupKey).toBe(refused?.dedupKey);
    const request = { errno: 1, method: "GET", path: "/a/1", code: 400 };
    const key = (change: object) => logged({ ...request, ...change }, { Type: "request.summary" }).dedupKey;
    expect(key({ path: "/a/2" })).toBe(key({}));
    expect(key({ path: "/a/3f1a9c1e-0000-4000-8000-0123456789ab?q=1" })).toBe(key({}));
    for (const change of [
      { path: "/b/1" },
      { method: "PUT" },
      { errno: 2 },
      { code: 401 },
      { env: "staging" },
    ]) {
      expect(key(change)).not.toBe(key({}));
    }
  });

  test("of anything else folds over its message, not over machines, accounts or callers", () => {
    const key = (fields: object, more?: object) =>
      logged({ user: "ana", ip: "192.0.2.1", ...fields }, more).dedupKey;
    expect(key({ msg: "other", t: 4 })).toBe(key({ msg: "one" }));
    expect(key({ user: "ben" })).not.toBe(key({}));
    expect(key({ ip: "192.0.2.2" })).not.toBe(key({}));
    expect(key({}, { Hostname: "web-1" })).not.toBe(key({}, { Hostname: "web-2" }));
    expect(key({}, { Logger: "m" })).not.toBe(key({}));
  });

  test("that reports nothing is one group whoever it names", () => {
    const key = (user: string) => logged({ user }, { Severity: 6 }).dedupKey;
    expect(key("ana")).toBe(key("ben"));
  });

  test("keeps its error and trace as text", () => {
    expect(error).toMatchObject({
      severity: "high",
      title: "=cmd|' /C calc'!A0",
      description: "Traceback (most recent call last):\n  <script>alert(1)</script>",
    });
  });

  test("without type, severity and a time in nanoseconds is still read", () => {
    expect(plain).toMatchObject({
      rule: "untyped",
      severity: "medium",
      occurredAt: "2026-11-23T12:00:06.000Z",
    });
    expect(plain?.labels).toEqual({ logger: "worker", queue: "mail" });
  });

  test.each([
    [0, "critical"],
    [2, "critical"],
    [3, "high"],
    [4, "medium"],
    [5, "low"],
    [6, "info"],
    [7, "info"],
    [8, "medium"],
    ["4", "medium"],
  ])("of severity %s is %s", (native, severity) => {
    expect(logged({}, { Severity: native })).toMatchObject({
      severity,
      hints: { nativeSeverity: String(native) },
    });
  });

  test("without a timestamp is rejected", () => {
    expect(rejectOf(read("mozlog", { Type: "a", Fields: {} })).message).toBe(
      "Timestamp: is required in a mozlog entry",
    );
  });
});
