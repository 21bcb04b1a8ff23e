import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fold, newGroup } from "../../server/triage/fold.ts";
import type { GroupState } from "../../server/triage/group-state.ts";
import { occurrencesLately } from "../../server/triage/volume.ts";
import type { Alert, Entity } from "../../shared/alert.ts";
import { createTriage, day, hour, minute, noon, policyOf, prepared } from "./samples.ts";

interface Arriving {
  change?: Partial<Alert>;
  at?: number;
}

function folded(...arriving: Arriving[]): GroupState {
  const all = arriving.map(({ change, at }) => prepared(change, { at: at ?? noon }));
  const [first] = all;
  if (first === undefined) throw new Error("a group needs an alert");
  const group = newGroup(first, "id", "none");
  for (const one of all) fold(group, one);
  return group;
}

const users = (from: number, count: number): Entity[] =>
  Array.from({ length: count }, (_, i) => ({ type: "user", value: `u${from + i}` }));

describe("counting", () => {
  test("sees every alert and, apart from them, what really happened", () => {
    const beat = { hints: { instanceKey: "i", heartbeatKey: "since noon" } };
    const again = { hints: { instanceKey: "i", heartbeatKey: "since one" } };
    const group = folded(
      { change: beat },
      { change: beat },
      { change: beat },
      { change: again },
      { change: { status: "resolved", ...again } },
      { change: {} },
    );
    expect(group).toMatchObject({ count: 6, occurrences: 3 });
  });

  test("takes the same sign of life from another instance as an occurrence", () => {
    const of = (instanceKey: string): Arriving => ({ change: { hints: { instanceKey, heartbeatKey: "h" } } });
    expect(folded(of("a"), of("b"), of("a"), of("b"))).toMatchObject({ count: 4, occurrences: 2 });
  });

  test("takes what fires again after it was over as an occurrence", () => {
    const beat = { instanceKey: "i", heartbeatKey: "h" };
    const group = folded(
      { change: { hints: beat } },
      { change: { hints: beat, status: "resolved" } },
      { change: { hints: beat } },
    );
    expect(group).toMatchObject({ count: 3, occurrences: 2 });
  });

  test("goes by 24 hours for what happened lately", () => {
    const group = folded({ at: noon }, { at: noon + minute }, { at: noon + 5 * hour });
    expect(occurrencesLately(group, noon + 5 * hour)).toBe(3);
    expect(occurrencesLately(group, noon + 23 * hour)).toBe(3);
    expect(occurrencesLately(group, noon + day)).toBe(1);
    expect(occurrencesLately(group, noon + 2 * day)).toBe(0);
  });

  test("remembers at most 24 hours, in whatever order alerts come", () => {
    const hours = fc.array(fc.integer({ min: -60, max: 60 }), { minLength: 30, maxLength: 80 });
    fc.assert(
      fc.property(hours, (offsets) => {
        const group = folded(...offsets.map((offset) => ({ at: noon + offset * hour })));
        expect(Object.keys(group.memory.hours).length).toBeLessThanOrEqual(24);
        expect(group.lastSeen).toBe(noon + Math.max(...offsets) * hour);
        expect(group.count).toBe(offsets.length);
      }),
      { numRuns: 30 },
    );
  });
});

describe("entities of a group", () => {
  test("are 64 at most, and the others are counted once each", () => {
    const group = folded(
      { change: { entities: users(0, 60) } },
      { change: { entities: users(50, 60) } },
      { change: { entities: users(50, 60) } },
    );
    expect(group.entities).toEqual(users(0, 64));
    expect(group.entityCount).toBe(110);
  });

  test("beyond them are remembered up to a bound", () => {
    const group = folded(
      ...Array.from({ length: 12 }, (_, i) => ({ change: { entities: users(i * 128, 128) } })),
    );
    expect(group.memory.moreEntities).toHaveLength(1_024);
    expect(group.entityCount).toBe(64 + 1_024);
  });

  test("keep the role they came with first", () => {
    const as = (role: Entity["role"]): Arriving => ({
      change: { entities: [{ type: "ip", value: "192.0.2.1", role }] },
    });
    expect(folded(as("actor"), as("target")).entities).toEqual([
      { type: "ip", value: "192.0.2.1", role: "actor" },
    ]);
  });
});

describe("the newest alert", () => {
  test("that only says that it is over leaves the description as it was", () => {
    const group = folded(
      { change: { title: "Disk full", labels: { disk: "sda" }, hints: { instanceKey: "i" } } },
      { change: { title: "i", status: "resolved", hints: { instanceKey: "i", onlyEnds: true } } },
    );
    expect(group).toMatchObject({ title: "Disk full", labels: { disk: "sda" }, count: 2, cleared: true });
  });

  test("describes the group", () => {
    const group = folded(
      {
        change: {
          title: "Old",
          description: "old",
          labels: { a: "1" },
          links: [{ href: "https://a.example" }],
        },
      },
      { change: { title: "New", description: "new", hints: { runbookUrl: "https://b.example" } } },
    );
    expect(group).toMatchObject({ title: "New", description: "new", labels: {}, links: [] });
    expect(group.runbookUrl).toBe("https://b.example");
  });

  test("brings its remarks along, under the description", () => {
    const ahead = { occurredAt: "2026-11-24T12:00:00Z" };
    const remark = "The detector's clock is ahead: it says 2026-11-24T12:00:00.000Z";
    expect(folded({ change: { description: "text", ...ahead } }).description).toBe(`text\n${remark}`);
    expect(folded({ change: ahead }).description).toBe(remark);
    expect(folded({}).description).toBeNull();
  });

  test("never makes the group milder, and a worse one brings its own word for it", () => {
    const low = { severity: "low", hints: { nativeSeverity: "level 3" } } as const;
    const high = { severity: "high" } as const;
    expect(folded({ change: low })).toMatchObject({ severity: "low", nativeSeverity: "level 3" });
    expect(folded({ change: low }, { change: high })).toMatchObject({
      severity: "high",
      nativeSeverity: null,
    });
    expect(folded({ change: high }, { change: low })).toMatchObject({
      severity: "high",
      nativeSeverity: null,
    });
    const said = { ...high, hints: { nativeSeverity: "level 12" } };
    expect(folded({ change: said }, { change: high }).nativeSeverity).toBe("level 12");
  });

  test("that is late moves no time back", () => {
    const group = folded(
      { change: { occurredAt: "2026-11-23T11:59:00Z" } },
      { change: { occurredAt: "2026-11-20T00:00:00Z" }, at: noon + hour },
    );
    expect(group).toMatchObject({ firstSeen: noon, lastSeen: noon + hour, occurredAt: noon - minute });
  });
});

test("techniques are collected once each, up to a bound", () => {
  const names = Array.from({ length: 40 }, (_, i) => `T${1_000 + i}`);
  const group = folded(
    { change: { techniques: names.slice(0, 30) } },
    { change: { techniques: names.slice(20) } },
    { change: { techniques: names } },
  );
  expect(group.techniques).toEqual(names.slice(0, 32));
});

describe("a sender's own key that spans environments", () => {
  const { send } = createTriage();
  const from = (environment: string | undefined) =>
    send({ dedupKey: "disk", ...(environment !== undefined && { environment }) });

  test("takes the group to where it counts more, and no test takes it out again", () => {
    expect(from("test").group).toMatchObject({ environment: "test", hidden: { by: "policy" } });
    const { version } = from("test").group;
    const raised = from("production");
    expect(raised.group).toMatchObject({ environment: "production", hidden: null });
    expect(raised.group.version).toBe(version + 1);
    expect(raised.interrupts).toBe(true);
    expect(from("test").group).toMatchObject({ environment: "production", hidden: null });
    expect(from(undefined).group).toMatchObject({ environment: "production", environmentMapped: true });
  });

  test("takes a group that nothing placed to the first place that is known", () => {
    const triage = createTriage();
    expect(triage.send({ dedupKey: "k" }).group.environmentMapped).toBe(false);
    const { group } = triage.send({ dedupKey: "k", environment: "staging", service: "shop" });
    expect(group).toMatchObject({
      environment: "staging",
      environmentMapped: true,
      service: "shop",
      version: 2,
    });
    expect(group.environmentBecause).toBe("The detector says staging");
    expect(triage.send({ dedupKey: "k" }).group.version).toBe(2);
  });

  test("takes a group out of an environment that the policy no longer has", () => {
    const before = createTriage(policyOf({ environments: [{ name: "old", weight: 1 }] }));
    const { group } = before.send({ dedupKey: "k", environment: "old" });
    const after = createTriage();
    after.groups.set(group.fingerprint, group);
    expect(after.send({ dedupKey: "k", environment: "qa" }).group.environment).toBe("test");
  });
});
