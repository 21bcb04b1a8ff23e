import { describe, expect, test } from "vitest";
import { createSilencer, type SilenceRule } from "../../server/triage/silence.ts";
import { severities } from "../../shared/alert.ts";
import { defaultPolicy } from "../../shared/policy.ts";
import { createTriage, events, policyOf } from "./samples.ts";

describe("the policy", () => {
  test.each(["staging", "development", "test"])(
    "hides what is below critical in %s, and says why",
    (environment) => {
      for (const severity of severities) {
        const { group, interrupts } = createTriage().send({ severity, environment });
        const because = `In ${environment} only critical comes before a person; the rest waits in the digest`;
        const expected = { by: "policy", id: `environment:${environment}`, because };
        expect(group.hidden).toEqual(severity === "critical" ? null : expected);
        expect(interrupts && severity !== "critical").toBe(false);
      }
    },
  );

  test.each(["production", "moon", undefined])("as it comes hides nothing in %s", (environment) => {
    for (const severity of severities) {
      const { group } = createTriage().send({ severity, ...(environment !== undefined && { environment }) });
      expect(group.hidden).toBeNull();
    }
  });

  test("never hides what is critical, whatever it says", () => {
    const environments = defaultPolicy.environments.map((one) => ({ ...one, showFrom: "critical" as const }));
    const policy = policyOf({ environments });
    for (const { name } of environments) {
      expect(createTriage(policy).send({ severity: "critical", environment: name }).group.hidden).toBeNull();
    }
    expect(
      createTriage(policy).send({ severity: "high", environment: "production" }).group.hidden,
    ).not.toBeNull();
  });

  test("shows a hidden group again once it is worse", () => {
    const { send } = createTriage();
    const about = { environment: "staging", techniques: ["T1486"] };
    expect(send({ ...about, severity: "high" })).toMatchObject({
      interrupts: false,
      turns: [{ event: "created" }],
    });
    const decision = send({ ...about, severity: "critical" });
    expect(decision).toMatchObject({ interrupts: true, group: { hidden: null } });
    expect(events(decision)).toContain("shown");
  });

  test("that changes hides what it showed with a turn that says so, and shows it again with a new version", () => {
    const stricter = policyOf({
      environments: [{ name: "production", weight: 1, showFrom: "critical" }],
    });
    const about = { severity: "low", environment: "production" } as const;
    const { group } = createTriage(undefined, "none").send(about);
    const hiding = createTriage(stricter, "none");
    hiding.groups.set(group.fingerprint, group);
    expect(events(hiding.send(about))).toEqual(["hidden"]);
    expect(group).toMatchObject({ version: 2, hidden: { by: "policy" } });
    const showing = createTriage(undefined, "none");
    showing.groups.set(group.fingerprint, group);
    showing.send(about);
    expect(group).toMatchObject({ version: 3, hidden: null });
  });
});

describe("a silence", () => {
  const about = { severity: "high", environment: "production" } as const;
  const ruleFor = (id: string, value: string): SilenceRule => ({
    id,
    dialect: "own",
    matchers: [{ name: "rule", value, isRegex: false, isEqual: true }],
    reason: "A rebuild",
    author: "Ana",
    environments: null,
    services: null,
    overCritical: false,
  });
  const silencer = createSilencer([ruleFor("one", "r1")]);

  test("hides a new group and what it repeats, without a turn for each", () => {
    const triage = createTriage(defaultPolicy, "none", silencer);
    const first = triage.send(about);
    const hidden = { by: "silence", id: "one", because: "A rebuild (Ana)" };
    expect(first).toMatchObject({ interrupts: false, group: { hidden, version: 1 } });
    expect(events(first)).toEqual(["created"]);
    const second = triage.send(about);
    expect(second).toMatchObject({ interrupts: false, turns: [], group: { hidden, version: 1 } });
    expect(triage.send({ ...about, rule: "r2" }).group.hidden).toBeNull();
  });

  test("that begins hides a group with a turn, and one that ends shows it again", () => {
    const { group } = createTriage(defaultPolicy, "none").send(about);
    const during = createTriage(defaultPolicy, "none", silencer);
    during.groups.set(group.fingerprint, group);
    expect(events(during.send(about))).toEqual(["hidden"]);
    expect(group.version).toBe(2);
    const after = createTriage(defaultPolicy, "none");
    after.groups.set(group.fingerprint, group);
    const decision = after.send(about);
    expect(decision).toMatchObject({ interrupts: true, group: { hidden: null, version: 3 } });
    expect(events(decision)).toEqual(["shown"]);
  });

  test("does not keep what becomes production critical", () => {
    const triage = createTriage(defaultPolicy, "none", silencer);
    triage.send(about);
    const worse = triage.send({ ...about, severity: "critical" });
    expect(worse).toMatchObject({ interrupts: true, group: { hidden: null } });
  });

  test("comes before the policy, which hides again once it ends", () => {
    const there = { severity: "low", environment: "staging" } as const;
    const during = createTriage(defaultPolicy, "none", silencer);
    const { group } = during.send(there);
    expect(group.hidden?.by).toBe("silence");
    const after = createTriage(defaultPolicy, "none");
    after.groups.set(group.fingerprint, group);
    const decision = after.send(there);
    expect(decision.group).toMatchObject({ hidden: { by: "policy" }, version: 2 });
    expect(decision.interrupts).toBe(false);
  });
});
