import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fingerprint } from "../../server/triage/fingerprint.ts";
import type { Placement } from "../../server/triage/placement.ts";
import type { Alert, Entity } from "../../shared/alert.ts";
import { alertOf, character, policyOf, prepared } from "./samples.ts";

const here: Placement = { environment: "production", mapped: true, because: "", service: "shop" };
const of = (change: Partial<Alert> = {}, placement: Partial<Placement> = {}, labels: string[] = []) =>
  fingerprint(alertOf(change), { ...here, ...placement }, labels);

const target: Entity = { type: "host", value: "web-1", role: "target" };

describe("the identity of an alert", () => {
  test("is 32 hex digits", () => {
    expect(of()).toMatch(/^[0-9a-f]{32}$/);
  });

  test("does not see what changes from one alert to the next", () => {
    const text = fc.string({ unit: character, maxLength: 60 });
    const change: fc.Arbitrary<Partial<Alert>> = fc.record(
      {
        title: text,
        description: text,
        severity: fc.constantFrom("critical", "low"),
        occurredAt: fc.constantFrom("2026-11-23T11:00:00Z", "2026-11-20T12:00:00Z"),
        status: fc.constantFrom("firing", "resolved"),
        raw: fc.jsonValue(),
        techniques: fc.subarray(["T1110", "T1486"]),
        labels: fc.dictionary(fc.constantFrom("zone", "pod", "__proto__"), text),
        links: fc.subarray([{ href: "https://example.com/" }]),
      },
      { requiredKeys: [] },
    );
    const expected = prepared({ entities: [target] }).fingerprint;
    fc.assert(
      fc.property(change, (given) => {
        expect(prepared({ ...given, entities: [target] }).fingerprint).toBe(expected);
      }),
    );
  });

  test("does not see what is read out of its texts, not even where the policy has networks", () => {
    const policy = policyOf({
      environments: [{ name: "lab", weight: 0.5, match: { networks: ["192.0.2.0/24"] } }],
    });
    const one = prepared({ description: "from 192.0.2.7" }, { policy });
    expect(one.fingerprint).toBe(prepared({ description: "from 198.51.100.7" }, { policy }).fingerprint);
  });

  test.each<[string, string]>([
    ["source", of({ source: "other" })],
    ["rule", of({ rule: "other" })],
    ["environment", of({}, { environment: "staging" })],
    ["service", of({}, { service: null })],
    ["target", of({ entities: [target] })],
    ["type of the target", of({ entities: [{ ...target, type: "ip" }] })],
    ["host", of({ entities: [{ type: "host", value: "web-2" }] })],
    ["key of the sender", of({ dedupKey: "k" })],
  ])("differs by %s", (_, other) => {
    expect(other).not.toBe(of());
  });

  test("goes by the targets, and by the hosts only where there are none", () => {
    const named: Entity = { type: "host", value: "web-9" };
    const actor: Entity = { type: "ip", value: "192.0.2.7", role: "actor" };
    expect(of({ entities: [target, named, actor] })).toBe(of({ entities: [target] }));
    expect(of({ entities: [named, actor] })).toBe(of({ entities: [named] }));
    expect(of({ entities: [actor] })).toBe(of());
    expect(of({ entities: [{ ...named, role: "observer" }] })).toBe(of());
  });

  test("does not go by the order of the entities nor by how often one is named", () => {
    const others: Entity[] = ["a", "b", "c"].map((value) => ({ type: "user", value, role: "target" }));
    const expected = of({ entities: others });
    fc.assert(
      fc.property(fc.shuffledSubarray(others, { minLength: 3 }), (entities) => {
        expect(of({ entities: [...entities, ...entities] })).toBe(expected);
      }),
    );
  });

  test("given by the sender is all within its source", () => {
    const given = of({ dedupKey: "k" });
    expect(
      of({ dedupKey: "k", rule: "other", entities: [target] }, { environment: "x", service: null }),
    ).toBe(given);
    expect(of({ dedupKey: "k", source: "other" })).not.toBe(given);
  });

  test("takes for a label only what the sender wrote", () => {
    expect(of({ labels: {} }, {}, ["constructor", "toString"])).toBe(of({ labels: {} }));
    expect(of({ labels: { constructor: "a" } }, {}, ["constructor"])).not.toBe(of({ labels: {} }));
  });

  test("sees the labels that the policy names, and no others", () => {
    const a = of({ labels: { zone: "a", pod: "1" } }, {}, ["zone"]);
    expect(of({ labels: { zone: "a", pod: "2" } }, {}, ["zone"])).toBe(a);
    expect(of({ labels: { zone: "b", pod: "1" } }, {}, ["zone"])).not.toBe(a);
    expect(of({ labels: { pod: "1" } }, {}, ["zone"])).not.toBe(a);
    expect(of({ dedupKey: "k", labels: { zone: "a" } }, {}, ["zone"])).not.toBe(of({ dedupKey: "k" }));
  });

  test("differs whenever a part does, wherever one part ends and the next begins", () => {
    const part = fc.string({ unit: fc.constantFrom("1", ":", "a"), minLength: 1, maxLength: 4 });
    const parts = fc.record({ source: part, rule: part, environment: part, service: part });
    const identity = ({ source, rule, environment, service }: Record<string, string>) =>
      of(
        { source: source ?? "", rule: rule ?? "" },
        { environment: environment ?? "", service: service ?? "" },
      );
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        expect(identity(one) === identity(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
      { numRuns: 500 },
    );
  });

  test("keeps entities apart from labels that read like them", () => {
    const entities: Entity[] = ["a", "b"].map((value) => ({ type: "host", value }));
    expect(of({ entities }, {}, ["host:a"])).not.toBe(of({ labels: { "host:a": "host:b" } }, {}, ["host:a"]));
  });
});
