import { describe, expect, test } from "vitest";
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
