import { describe, expect, it } from "vitest";
import { adapterFor } from "../../server/adapters/registry.ts";
import { demoActs } from "../../server/demo/demo-acts.ts";
import { demoAlerts } from "../../server/demo/demo-alerts.ts";
import type { DemoAlert } from "../../server/demo/native-records.ts";

const now = Date.parse("2026-03-02T09:00:00Z");
const minuteMs = 60_000;
const alerts = demoAlerts(now);

const read = ({ format, record }: DemoAlert) => adapterFor(format).read(record);

describe("the alerts of the demo", () => {
  it("are taken by their adapters, every one", () => {
    expect(alerts.filter((alert) => read(alert).some(({ reject }) => reject !== undefined))).toEqual([]);
  });

  it("are the same for every run, in order, and an hour around the time given", () => {
    expect(demoAlerts(now)).toEqual(alerts);
    expect(alerts.map(({ at }) => at)).toEqual(alerts.map(({ at }) => at).sort((a, b) => a - b));
    expect(alerts.length).toBeGreaterThan(3_600);
    expect(alerts[0]?.at).toBeGreaterThanOrEqual(now - 40 * minuteMs);
    expect(alerts.at(-1)?.at).toBeLessThan(now + 20 * minuteMs);
  });

  it("come about once a second while they play, and at times in bursts", () => {
    const perMinute = Array.from({ length: 20 }, (_, minute) => {
      const from = now + minute * minuteMs;
      return alerts.filter(({ at }) => at >= from && at < from + minuteMs).length;
    });
    expect(Math.min(...perMinute)).toBeGreaterThan(30);
    expect(Math.max(...perMinute)).toBeGreaterThan(200);
  });

  it("name only addresses and hosts that belong to nobody", () => {
    const text = JSON.stringify(alerts);
    const addresses = new Set(text.match(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g));
    const documentation = /^(?:192\.0\.2|198\.51\.100|203\.0\.113)\./;
    expect(addresses.size).toBeGreaterThan(50);
    expect([...addresses].filter((address) => !documentation.test(address))).toEqual([]);
    const sites = new Set(text.match(/https?:\/\/[^/"]+/g));
    expect([...sites].filter((site) => !site.endsWith(".example.com"))).toEqual([]);
  });

  it("hold what the people of the demo act upon", () => {
    const detectors = new Set(alerts.flatMap(read).map(({ alert }) => `${alert?.source} ${alert?.rule}`));
    const acted = demoActs(now).map(({ source, rule }) => `${source} ${rule}`);
    expect(acted.filter((detector) => !detectors.has(detector))).toEqual([]);
  });
});
