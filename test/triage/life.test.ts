import { describe, expect, test } from "vitest";
import type { GroupState } from "../../server/triage/group-state.ts";
import type { Alert } from "../../shared/alert.ts";
import { createTriage, day, events, hour, minute, noon, policyOf, resolveAs } from "./samples.ts";

const later = noon + hour;
const critical: Partial<Alert> = { severity: "critical", techniques: ["T1486"], environment: "production" };
const medium: Partial<Alert> = { severity: "medium", techniques: ["T1486"], environment: "production" };
const host = (value: string): NonNullable<Alert["entities"]>[number] => ({ type: "user", value });

function judged(verdict: NonNullable<GroupState["verdict"]>, alert: Partial<Alert> = {}) {
  // Not new, so that the score does not fall by itself.
  const triage = createTriage(undefined, "none");
  const { group } = triage.send(alert);
  resolveAs(group, verdict, noon + minute);
  return { ...triage, group };
}

describe("a group that a person resolved", () => {
  test.each(["true_positive", "undetermined"] as const)("as %s is back with the next alert", (verdict) => {
    const { send, group } = judged(verdict);
    Object.assign(group, { acknowledgedBy: "Ana", acknowledgedAt: noon } satisfies Partial<GroupState>);
    const { version } = group;
    const decision = send({}, { at: later });
    expect(events(decision)).toEqual(["reopened", "shown"]);
    expect(decision.turns[0]?.because).toBe(
      `It fired again after it was resolved as ${verdict.replace("_", " ")}`,
    );
    expect(decision.turns[1]?.because).toBe("Back after it was resolved");
    expect(decision.interrupts).toBe(true);
    expect(group).toMatchObject({
      status: "open",
      episode: 2,
      verdict,
      version: version + 1,
      resolvedAt: null,
      resolvedBy: null,
      acknowledgedBy: null,
      acknowledgedAt: null,
    });
  });

  test.each(["false_positive", "benign_true_positive"] as const)(
    "as %s stays away for as long as that is remembered, and counts",
    (verdict) => {
      const { send, group } = judged(verdict);
      const decision = send({}, { at: noon + 30 * day });
      expect(events(decision)).toEqual([]);
      expect(decision.interrupts).toBe(false);
      expect(group).toMatchObject({ status: "resolved", episode: 1, count: 2, version: 1 });
      expect(events(send({}, { at: noon + minute + 30 * day }))).toEqual(["reopened", "shown"]);
    },
  );

  test("is remembered for as many days as the policy says", () => {
    const policy = policyOf({ verdictMemoryDays: 0 });
    const { send } = createTriage(policy, "none");
    resolveAs(send().group, "false_positive", noon + minute);
    expect(send({}, { at: noon + 2 * minute }).group.status).toBe("open");
  });

  test("as false is back when it touches something new", () => {
    const { send, group } = judged("false_positive", { entities: [host("ana")] });
    expect(events(send({ entities: [host("ana")] }, { at: later }))).toEqual([]);
    expect(events(send({ entities: [host("eve")] }, { at: later }))).toEqual(["reopened", "shown"]);
    expect(group.episode).toBe(2);
  });

  test("as false is back when its score rises, not by repetition alone", () => {
    const { send } = judged("false_positive", { severity: "high" });
    for (let i = 0; i < 1_000; i += 1) expect(send({}, { at: later }).group.status).toBe("resolved");
    expect(events(send({ severity: "critical" }, { at: later }))).toEqual(["reopened", "raised", "shown"]);
  });

  test("is not back by an alert received before that", () => {
    const { send, group } = judged("true_positive");
    expect(events(send({}, { at: noon + minute }))).toEqual([]);
    expect(group).toMatchObject({ status: "resolved", count: 2 });
    expect(events(send({}, { at: noon + minute + 1 }))).toEqual(["reopened", "shown"]);
  });

  test("is not back by word that it is over", () => {
    const { send, group } = judged("true_positive");
    expect(events(send({ status: "resolved" }, { at: later }))).toEqual(["cleared"]);
    expect(group).toMatchObject({
      status: "resolved",
      resolvedBy: "Ana",
      verdict: "true_positive",
      cleared: true,
    });
  });

  test("keeps what people wrote when it comes back", () => {
    const { send, group } = judged("true_positive", { description: "text" });
    Object.assign(group, { runbookUrl: "https://wiki.example.com/" } satisfies Partial<GroupState>);
    send({}, { at: later });
    expect(group).toMatchObject({ id: "group-1", firstSeen: noon, runbookUrl: "https://wiki.example.com/" });
  });
});

describe("a group whose sender says that it is over", () => {
  test("of P3 resolves by itself, without a verdict", () => {
    const { send } = createTriage(undefined, "none");
    expect(send(medium).group.band).toBe(3);
    const decision = send({ ...medium, status: "resolved" }, { at: later });
    expect(events(decision)).toEqual(["cleared", "resolved"]);
    expect(decision.group).toMatchObject({
      status: "resolved",
      resolvedAt: later,
      resolvedBy: null,
      verdict: null,
    });
    expect(decision.interrupts).toBe(false);
  });

  test.each([
    ["P1", critical],
    ["P2", { ...critical, techniques: [] }],
  ])("of %s waits for a person", (band, alert) => {
    const { send } = createTriage(undefined, "none");
    expect(`P${send(alert).group.band}`).toBe(band);
    const decision = send({ ...alert, status: "resolved" }, { at: later });
    expect(events(decision)).toEqual(["cleared"]);
    expect(decision.group).toMatchObject({ status: "open", cleared: true });
    expect(events(send({ ...alert, status: "resolved" }, { at: later }))).toEqual([]);
  });

  test("and which never fired here resolves whatever its band", () => {
    const { send } = createTriage(undefined, "none");
    const decision = send({ ...critical, status: "resolved" });
    expect(events(decision)).toEqual(["created", "cleared", "resolved"]);
    expect(decision.interrupts).toBe(false);
    const back = send(critical, { at: later });
    expect(events(back)).toEqual(["reopened", "shown"]);
    expect(back.interrupts).toBe(true);
  });

  test("is back when it fires again, even in the same moment", () => {
    const { send } = createTriage(undefined, "none");
    send(medium);
    send({ ...medium, status: "resolved" });
    const decision = send(medium);
    expect(events(decision)).toEqual(["reopened", "shown"]);
    expect(decision.turns[0]?.because).toBe("It fired again after it had cleared");
    expect(decision.group).toMatchObject({ status: "open", episode: 2, cleared: false });
  });
});

describe("a snooze until something changes", () => {
  function snoozed(alert: Partial<Alert>, acknowledgedBy: string | null = null) {
    const triage = createTriage(undefined, "none");
    const { group } = triage.send(alert);
    const snooze = { status: "snoozed", snoozedUntilChange: true, acknowledgedBy } as const;
    Object.assign(group, snooze satisfies Partial<GroupState>);
    return { ...triage, group };
  }

  test("sleeps through repetition", () => {
    const { send, group } = snoozed({ entities: [host("ana")] });
    for (let i = 0; i < 50; i += 1) expect(events(send({ entities: [host("ana")] }))).toEqual([]);
    expect(group).toMatchObject({ status: "snoozed", version: 1 });
  });

  test.each<[string, Partial<Alert>, string[], string]>([
    ["a rise in band", { severity: "critical" }, ["woken", "raised", "shown"], "It rose from P3 to P2"],
    ["something new", { entities: [host("eve")] }, ["woken", "shown"], "It touches something new"],
  ])("ends with %s", (_, change, expected, because) => {
    const { send, group } = snoozed({});
    const decision = send(change);
    expect(events(decision)).toEqual(expected);
    expect(decision.turns[0]?.because).toBe(because);
    expect(decision.interrupts).toBe(true);
    expect(group).toMatchObject({ status: "open", snoozedUntil: null, snoozedUntilChange: false });
  });

  test("ends with a worse severity of the same band", () => {
    const { send, group } = snoozed({ severity: "info", environment: "test", techniques: ["T1595"] });
    expect(group.band).toBe(5);
    expect(events(send({ severity: "low", environment: "test" }))).toEqual(["woken"]);
  });

  test("ends when it fires again after it was over", () => {
    const { send, group } = snoozed(critical);
    expect(events(send({ ...critical, status: "resolved" }))).toEqual(["cleared"]);
    expect(group.status).toBe("snoozed");
    expect(events(send(critical))).toEqual(["woken", "shown"]);
  });

  test("gives an acknowledged group back acknowledged", () => {
    const { send } = snoozed({}, "Ana");
    expect(send({ entities: [host("eve")] }).group).toMatchObject({
      status: "acknowledged",
      acknowledgedBy: "Ana",
    });
  });

  test("does not touch a snooze until a time", () => {
    const { send, group } = createTriageWithTimedSnooze();
    expect(events(send({ severity: "critical" }))).toEqual(["raised"]);
    expect(group.status).toBe("snoozed");
  });
});

function createTriageWithTimedSnooze() {
  const triage = createTriage(undefined, "none");
  const { group } = triage.send();
  Object.assign(group, { status: "snoozed", snoozedUntil: later } satisfies Partial<GroupState>);
  return { ...triage, group };
}
