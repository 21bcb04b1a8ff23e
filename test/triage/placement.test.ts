import { describe, expect, test } from "vitest";
import { networkMatcher } from "../../server/triage/network.ts";
import { createPlacer } from "../../server/triage/placement.ts";
import type { Alert, Entity } from "../../shared/alert.ts";
import { defaultPolicy } from "../../shared/policy.ts";
import { alertOf, policyOf } from "./samples.ts";

const host = (value: string, role: Entity["role"] = "target"): Entity => ({ type: "host", value, role });
const ip = (value: string, role: Entity["role"] = "target"): Entity => ({ type: "ip", value, role });

const policy = policyOf({
  environments: [
    { name: "production", weight: 1, match: { names: ["prod", "live*"], hosts: ["*-prod"] } },
    {
      name: "staging",
      weight: 0.7,
      match: {
        names: ["stg"],
        hosts: ["*.staging.*"],
        labels: { zone: ["blue-*"], namespace: ["stage"] },
        networks: ["192.0.2.0/25", "2001:db8:5::/48", "198.51.100.7"],
      },
    },
  ],
  services: [
    { name: "shop", aliases: ["web-shop", "shop-*"], hosts: ["web-*"] },
    { name: "mail", hosts: ["mx?.example.com", "mx1.example.com"] },
  ],
});
const { place } = createPlacer(policy);
const placed = (change: Partial<Alert>) => place(alertOf(change), change.entities ?? []);

describe("the environment", () => {
  test.each<[string, Partial<Alert>, string, string]>([
    ["by its name", { environment: "staging" }, "staging", "The detector says staging"],
    ["by its name in other letters", { environment: "Staging" }, "staging", "The detector says Staging"],
    ["by an alias", { environment: "PROD" }, "production", "The detector says PROD"],
    ["by an alias with a star", { environment: "live-eu" }, "production", "The detector says live-eu"],
    ["by a label", { labels: { zone: "Blue-7" } }, "staging", "Label zone is Blue-7"],
    [
      "by a host's name",
      { entities: [host("db.staging.example.com")] },
      "staging",
      "The name of host db.staging.example.com says so",
    ],
    [
      "by an IPv4 network",
      { entities: [ip("192.0.2.127")] },
      "staging",
      "Address 192.0.2.127 lies in its networks",
    ],
    [
      "by an IPv6 network",
      { entities: [ip("2001:db8:5:1::9")] },
      "staging",
      "Address 2001:db8:5:1::9 lies in its networks",
    ],
    [
      "by one address",
      { entities: [ip("198.51.100.7")] },
      "staging",
      "Address 198.51.100.7 lies in its networks",
    ],
    [
      "by the name it says before anything else",
      { environment: "prod", labels: { zone: "blue-7" } },
      "production",
      "The detector says prod",
    ],
    [
      "by the first environment that fits",
      { entities: [host("a-prod"), host("b.staging.c")] },
      "production",
      "The name of host a-prod says so",
    ],
  ])("is found %s", (_, change, environment, because) => {
    expect(placed(change)).toMatchObject({ environment, mapped: true, because });
  });

  test.each<[string, Partial<Alert>]>([
    ["an address outside the networks", { entities: [ip("192.0.2.128")] }],
    ["another label", { labels: { zone: "green-1", other: "blue-1" } }],
    ["who did it", { entities: [host("x.staging.y", "actor"), ip("192.0.2.1", "actor")] }],
    ["who saw it", { entities: [host("x.staging.y", "observer"), ip("192.0.2.1", "observer")] }],
    ["an address that is a name", { entities: [host("192.0.2.1"), ip("x.staging.y")] }],
    ["nothing at all", {}],
  ])("is not found by %s, so it counts as production", (_, change) => {
    expect(placed(change)).toMatchObject({ environment: "production", mapped: false });
  });

  test("that nobody mapped is said with the host to map", () => {
    expect(placed({ entities: [host("probe-1", "observer"), host("web-1.example.com")] }).because).toBe(
      "Nothing in the policy places host web-1.example.com, so it counts as production until someone maps it",
    );
  });

  test("of a name nobody knows keeps the name and weighs as production", () => {
    expect(placed({ environment: "moon" })).toMatchObject({
      environment: "moon",
      mapped: false,
      because:
        "The detector says moon, which the policy does not know; it weighs as production until someone maps it",
    });
  });

  test.each([
    ["shop-prod", "production"],
    ["prod-shop", "production"],
    ["db.prod.example.com", "production"],
    ["shop-stg", "staging"],
    ["dev-3", "development"],
    ["ci.test.example.com", "test"],
  ])("of %s is %s as it comes", (name, environment) => {
    const alert = alertOf({ entities: [host(name)] });
    expect(createPlacer(defaultPolicy).place(alert, alert.entities ?? []).environment).toBe(environment);
  });
});

describe("the service", () => {
  test.each<[string, Partial<Alert>, string | null]>([
    ["its name", { service: "shop" }, "shop"],
    ["an alias", { service: "Web-Shop" }, "shop"],
    ["an alias with a star", { service: "shop-eu" }, "shop"],
    ["a name the register does not have", { service: "cellar" }, "cellar"],
    ["a host", { entities: [host("web-7.example.com")] }, "shop"],
    ["the name before a host", { service: "cellar", entities: [host("web-7")] }, "cellar"],
    ["a question mark, which is only that", { entities: [host("mx2.example.com")] }, null],
    ["a host that only saw it", { entities: [host("web-7", "observer")] }, null],
    ["nothing", {}, null],
  ])("by %s", (_, change, service) => {
    expect(placed(change).service).toBe(service);
  });
});

describe("a list of networks", () => {
  test.each<[string, string, boolean]>([
    ["10.0.0.0/8", "10.255.0.1", true],
    ["10.1.2.3/8", "10.255.0.1", true],
    ["10.0.0.0/8", "11.0.0.1", false],
    ["10.0.0.0/8", "::ffff:10.0.0.1", true],
    ["0.0.0.0/0", "203.0.113.9", true],
    ["203.0.113.9/32", "203.0.113.9", true],
    ["203.0.113.9", "203.0.113.9", true],
    ["2001:db8::/32", "2001:db8:ffff::1", true],
    ["2001:DB8::/32", "2001:db8::1", true],
    ["2001:db8::/32", "2001:db9::1", false],
    ["2001:db8::/32", "10.0.0.1", false],
    ["::/0", "2001:db8::1", true],
    ["10.0.0.0/", "203.0.113.9", false],
    ["10.0.0.0/", "10.0.0.1", false],
    ["10.0.0.0/33", "10.0.0.1", false],
    ["10.0.0.0/-1", "10.0.0.1", false],
    ["10.0.0.0/8/8", "10.0.0.1", false],
    ["10.0.0.0/ 8", "10.0.0.1", false],
    ["2001:db8::/129", "2001:db8::1", false],
    ["everything", "10.0.0.1", false],
    ["", "10.0.0.1", false],
    ["10.0.0.0/8", "web-1", false],
    ["10.0.0.0/8", "", false],
    ["fe80::/10", "fe80::1%eth0", true],
  ])("of %j holds %j: %s", (network, address, holds) => {
    expect(networkMatcher([network])(address)).toBe(holds);
  });

  test("that is wrong does not spoil its neighbours", () => {
    expect(networkMatcher(["10.0.0.0/99", "192.0.2.0/24"])("192.0.2.9")).toBe(true);
  });
});
