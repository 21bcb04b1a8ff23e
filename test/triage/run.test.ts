import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type GroupState, isVisible } from "../../server/triage/group-state.ts";
import { createPreparer } from "../../server/triage/prepare.ts";
import { type Decision, run } from "../../server/triage/run.ts";
import { type Alert, severities } from "../../shared/alert.ts";
import { bands } from "../../shared/group.ts";
import { defaultPolicy } from "../../shared/policy.ts";
import { alertOf, createTriage, events, hour, minute, noon, noveltyMemory, policyOf } from "./samples.ts";

interface Sent {
  alert: Partial<Alert>;
  /** Since the one before. */
  after: number;
}

const entity = fc.record({
  type: fc.constantFrom("host", "user", "ip"),
  value: fc.constantFrom("a", "b", "192.0.2.1"),
  role: fc.constantFrom("actor", "target", "observer"),
});
const alert = fc.record(
  {
    rule: fc.constantFrom("r1", "r2"),
    title: fc.constantFrom("A title", "From 192.0.2.9", "__proto__"),
    severity: fc.constantFrom(...severities),
    environment: fc.constantFrom("production", "staging", "moon"),
    status: fc.constantFrom("firing", "resolved"),
    dedupKey: fc.constantFrom("k1", "__proto__"),
    entities: fc.array(entity, { maxLength: 3 }),
    techniques: fc.subarray(["T1486", "T1078", "T1110.003"]),
    occurredAt: fc.constantFrom("2026-11-23T11:00:00Z", "2030-01-01T00:00:00Z"),
    hints: fc.record(
      {
        instanceKey: fc.constantFrom("i1", "i2", "__proto__", "constructor"),
        heartbeatKey: fc.constantFrom("h1", "h2"),
        expiresAt: fc.constantFrom("2026-11-23T12:30:00Z", "2026-11-23T15:00:00Z"),
        nativeSeverity: fc.constantFrom("7", "12"),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["severity"] },
);
const stream: fc.Arbitrary<Sent[]> = fc.array(
  fc.record({ alert, after: fc.constantFrom(0, 0, minute, hour, 30 * hour) }),
  { minLength: 1, maxLength: 30 },
);

type Groups = Map<string, GroupState>;

/** Between two batches groups are written and read again, and a policy's preparer may be a new one. */
function throughTheStore(groups: Groups): Groups {
  return new Map(JSON.parse(JSON.stringify([...groups])));
}

/** Triages the stream in batches that end after the given numbers of alerts. */
function triaged(sent: readonly Sent[], ends: ReadonlySet<number>): { groups: Groups; told: unknown[] } {
  let groups: Groups = new Map();
  let prepare = createPreparer(defaultPolicy);
  let at = noon;
  let made = 0;
  const newId = () => {
    made += 1;
    return `group-${made}`;
  };
  const knowledge = {
    policy: defaultPolicy,
    noveltyOf: noveltyMemory(),
    newId,
  };
  const told: unknown[] = [];
  for (const [index, one] of sent.entries()) {
    at += one.after;
    const prepared = prepare({ alert: alertOf(one.alert), receivedAt: at, ceiling: null });
    const { group, created, turns, interrupts } = run(groups.get(prepared.fingerprint), prepared, knowledge);
    groups.set(prepared.fingerprint, group);
    told.push({ id: group.id, created, turns, interrupts });
    if (!ends.has(index)) continue;
    groups = throughTheStore(groups);
    prepare = createPreparer(defaultPolicy);
  }
  return { groups, told };
}

test("the same alerts come to the same groups and decisions, however they are cut into batches", () => {
  fc.assert(
    fc.property(stream, fc.array(fc.nat({ max: 29 })), (sent, ends) => {
      const whole = triaged(sent, new Set());
      const cut = triaged(sent, new Set(ends));
      expect(cut.told).toEqual(whole.told);
      expect(cut.groups).toEqual(whole.groups);
    }),
    { numRuns: 200 },
  );
});

test("no alert is lost, and what a group says of itself holds", () => {
  fc.assert(
    fc.property(stream, (sent) => {
      const { groups } = triaged(sent, new Set());
      const all = [...groups.values()];
      expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(sent.length);
      for (const group of all) {
        expect(group.occurrences).toBeLessThanOrEqual(group.count);
        expect(group.entityCount).toBeGreaterThanOrEqual(group.entities.length);
        expect(group.cleared).toBe(Object.keys(group.memory.firing).length === 0);
        expect(group.band).toBeGreaterThanOrEqual(1);
        expect(group.band).toBeLessThanOrEqual(5);
        expect(group.firstSeen).toBeLessThanOrEqual(group.lastSeen);
        expect(group.status === "resolved").toBe(group.resolvedAt !== null);
        if (group.severity === "critical") expect(group.hidden).toBeNull();
      }
    }),
    { numRuns: 100 },
  );
});

test("an alert interrupts exactly when its group newly stands before a person, is back or rose", () => {
  fc.assert(
    fc.property(stream, (sent) => {
      const { send, groups } = createTriage();
      let at = noon;
      for (const one of sent) {
        at += one.after;
        const earlier = new Map([...groups].map(([key, group]) => [key, { ...group }]));
        const { group, created, turns, interrupts } = send(one.alert, { at });
        const before = earlier.get(group.fingerprint);
        expect(created).toBe(before === undefined);
        const wasVisible = before !== undefined && isVisible(before);
        const rose = before !== undefined && group.band < before.band;
        expect(interrupts).toBe(isVisible(group) && (!wasVisible || rose));
        expect(turns.some(({ event }) => event === "shown")).toBe(interrupts && !created);
        expect(group.version).toBe((before?.version ?? 1) + (hasMoved(before, group) ? 1 : 0));
      }
    }),
    { numRuns: 100 },
  );
});

/** What people see and decide; that a group still open fires again is in its counters. */
function hasMoved(before: GroupState | undefined, group: GroupState): boolean {
  if (before === undefined) return false;
  if (group.cleared && !before.cleared) return true;
  const seen = ({ status, environment, environmentMapped, band, episode, hidden }: GroupState) =>
    JSON.stringify([status, environment, environmentMapped, band, episode, hidden === null]);
  return seen(before) !== seen(group);
}

describe("the first alert of a group", () => {
  test("makes it, says why it stands where it stands, and interrupts when a person should see it", () => {
    const decision = createTriage().send({ severity: "critical" });
    expect(decision).toMatchObject({
      created: true,
      interrupts: true,
      group: { version: 1, count: 1, episode: 1 },
    });
    expect(decision.turns).toEqual([{ event: "created", because: "First alert, ranked P1 with 80 points" }]);
  });

  test("of a group for the digest interrupts nobody", () => {
    expect(createTriage().send({ severity: "low" })).toMatchObject({ created: true, interrupts: false });
  });
});

describe("a repeat", () => {
  test("interrupts nobody and leaves the version alone", () => {
    const { send } = createTriage();
    send({ severity: "critical" });
    for (let i = 0; i < 20; i += 1) {
      expect(send({ severity: "critical" })).toMatchObject({
        interrupts: false,
        turns: [],
        group: { version: 1 },
      });
    }
  });

  test("keeps who took it and when", () => {
    const { send, groups } = createTriage();
    const { group } = send({ severity: "critical" });
    const taken = { status: "acknowledged", acknowledgedBy: "Ana", acknowledgedAt: noon } as const;
    Object.assign(group, taken satisfies Partial<GroupState>);
    expect(send({ severity: "critical" })).toMatchObject({ interrupts: false, group: taken });
    expect(groups.size).toBe(1);
  });
});

describe("a change of band", () => {
  const rise = (from: Partial<Alert>, to: Partial<Alert>): Decision => {
    const { send } = createTriage(undefined, "none");
    send(from);
    return send(to);
  };

  test("upwards is said with both bands and the strongest reason, and interrupts", () => {
    const decision = rise({ severity: "medium" }, { severity: "critical" });
    expect(events(decision)).toEqual(["raised", "shown"]);
    expect(decision.turns.map(({ because }) => because)).toEqual([
      "P4 to P2: Severity is critical",
      "Now P2",
    ]);
    expect(decision).toMatchObject({ interrupts: true, group: { version: 2, band: 2 } });
  });

  test("upwards within the digest interrupts nobody", () => {
    const decision = rise({ severity: "info" }, { severity: "low" });
    expect(events(decision)).toEqual(["raised"]);
    expect(decision.interrupts).toBe(false);
  });

  test("downwards is said and interrupts nobody", () => {
    const { send } = createTriage();
    const first = send({ severity: "critical" });
    expect(bands[first.group.band - 1]).toBe("P1");
    const decision = send({ severity: "critical" }, { at: noon + 25 * hour });
    expect(events(decision)).toEqual(["lowered"]);
    expect(decision.turns[0]?.because).toBe("P1 to P2: Severity is critical");
    expect(decision).toMatchObject({ interrupts: false, group: { band: 2, version: 2 } });
  });
});

test("the runbook of a service is offered where the alert brings none", () => {
  const runbookUrl = "https://wiki.example.com/shop";
  const { send } = createTriage(policyOf({ services: [{ name: "shop", runbookUrl }] }));
  expect(send({ service: "shop" }).group.runbookUrl).toBe(runbookUrl);
  const own = { runbookUrl: "https://wiki.example.com/own" };
  expect(send({ service: "shop", rule: "r2", hints: own }).group.runbookUrl).toBe(own.runbookUrl);
});
