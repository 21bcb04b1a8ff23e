import { describe, expect, test } from "vitest";
import { adapterFor } from "../../server/adapters/registry.ts";
import { formats } from "../../shared/alert.ts";
import { alertOf, fixtureAlerts, fixtureRecords, fixturesOf, read, rejectOf } from "./fixture-records.ts";

const [build, eve, wazuh, disk, otherDisk, door, text, backup] = fixtureAlerts(
  "cloudevents",
  "cloudevents/events.ndjson",
);
const event = (change: object) =>
  alertOf(
    read("cloudevents", { specversion: "1.0", id: "1", source: "/s", type: "com.example.t", ...change }),
  );

describe("an event with data of no known format", () => {
  test("has its type as rule and its source as source and observer", () => {
    expect(build).toMatchObject({
      source: "https://builds.example.com/pipelines/shop",
      rule: "com.example.build.secret-found",
      title: "A key in a commit",
      severity: "high",
      environment: "production",
      service: "shop",
      occurredAt: "2026-11-23T12:00:00.000Z",
      labels: { subject: "shop/web", env: "production" },
    });
    expect(build?.entities).toEqual([
      { type: "user", value: "ana", role: "target" },
      { type: "url", value: "https://builds.example.com/pipelines/shop", role: "observer" },
    ]);
  });

  test("takes from the event what the data does not say", () => {
    expect(door).toMatchObject({
      title: "com.example.door.forced",
      severity: "high",
      occurredAt: "2026-11-23T11:00:05.250Z",
      entities: [{ type: "url", value: "/doors/north", role: "observer" }],
    });
    expect(event({ subject: "gate 4", data: 7 })).toMatchObject({
      title: "com.example.t: gate 4",
      description: "7",
    });
  });

  test("is the same again by its own key, else by source, type and subject; never by id or time", () => {
    const key = (change: object) => event({ subject: "a", data: { message: "m" }, ...change }).dedupKey;
    expect(key({ id: "2", time: "2026-11-24T00:00:00Z", data: { message: "n" } })).toBe(key({}));
    expect(key({ subject: "b" })).not.toBe(key({}));
    expect(key({ type: "other" })).not.toBe(key({}));
    expect(key({ source: "/other" })).not.toBe(key({}));
    expect(key({ data: { fingerprint: "f" } })).not.toBe(key({}));
    expect(event({}).dedupKey).toBeUndefined();
  });

  test("delivered again is no new occurrence, unlike the next event and the next item", () => {
    const beat = (change: object) => event({ subject: "a", ...change }).hints?.heartbeatKey;
    expect(beat({})).toBe(beat({ time: "2026-11-24T00:00:00Z" }));
    expect(beat({ id: "2" })).not.toBe(beat({}));
    const items = read("cloudevents", {
      specversion: "1.0",
      id: "1",
      source: "/s",
      type: "t",
      data: ["a", "b"],
    });
    expect(new Set(items.map(({ alert }) => alert?.hints?.heartbeatKey)).size).toBe(2);
  });

  test("is refused when it is nested too deep, also inside a text", () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    for (const change of [{ data: deep }, { data_base64: Buffer.from(deep).toString("base64") }]) {
      const [reading] = read("cloudevents", {
        specversion: "1.0",
        id: "1",
        source: "/s",
        type: "t",
        ...change,
      });
      expect(reading?.reject?.code).toBe("nested_too_deep");
    }
  });

  test("may be text, or JSON in a text", () => {
    expect(text).toMatchObject({ title: "com.example.text", description: "[not JSON after all" });
    expect(backup).toMatchObject({ title: "Backup failed", severity: "medium" });
    expect(backup?.dedupKey).toMatch(/f-7$/);
  });
});

describe("an event that carries another format", () => {
  test("is that format's alert, with the event's source as an observer", () => {
    const [direct] = fixtureAlerts("suricata", "suricata/eve.ndjson");
    expect(eve).toEqual({
      ...direct,
      entities: [...(direct?.entities ?? []), { type: "url", value: "/sensors/edge-1", role: "observer" }],
    });
  });

  test("may hold it in Base64, or several in a list", () => {
    const [direct] = fixtureAlerts("wazuh", "wazuh/alerts.ndjson");
    expect(wazuh).toMatchObject({ source: direct?.source, dedupKey: direct?.dedupKey });
    expect([disk, otherDisk].map((one) => one?.severity)).toEqual(["medium", "critical"]);
    expect(disk?.entities).toContainEqual({ type: "ip", value: "198.51.100.7", role: "observer" });
  });

  const carried = formats.filter((format) => format !== "cloudevents" && format !== "generic");
  test.each(carried)("gives %s the identity it has directly", (format) => {
    for (const data of fixturesOf[format].flatMap(fixtureRecords)) {
      const keyed = ({ alert }: { alert?: { source: string; dedupKey?: string | undefined } }) =>
        [alert?.source, alert?.dedupKey] as const;
      const direct = read(format, data).map(keyed);
      const sent = { specversion: "1.0", id: "1", source: "/s", type: "t", data };
      expect(adapterFor("cloudevents").recognises(sent)).toBe(true);
      expect(read("cloudevents", sent).map(keyed)).toEqual(direct);
    }
  });

  test("is not unpacked twice", () => {
    const inner = { specversion: "1.0", id: "1", source: "/inner", type: "t.inner", data: { message: "m" } };
    expect(event({ data: inner })).toMatchObject({ source: "/s", rule: "com.example.t" });
  });
});

describe("an event that is none", () => {
  test.each([
    [{ type: "t" }, "source: is required in a CloudEvent"],
    [{ source: "s" }, "type: is required in a CloudEvent"],
    [{ source: " ", type: "t" }, "source: is required in a CloudEvent"],
    ["text", "cloudevents: must be an object"],
  ])("%j is rejected", (record, message) => {
    expect(rejectOf(read("cloudevents", record)).message).toBe(message);
  });
});
