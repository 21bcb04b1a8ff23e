import { describe, expect, test } from "vitest";
import { lapse } from "../../server/triage/firing.ts";
import type { GroupState } from "../../server/triage/group-state.ts";
import type { Alert } from "../../shared/alert.ts";
import { createTriage, minute, noon } from "./samples.ts";

/** A P1 group, so that being cleared does not resolve it. */
function firing(...changes: Partial<Alert>[]): GroupState {
  const { send } = createTriage();
  const [first, ...rest] = changes;
  let { group } = send({ severity: "critical", techniques: ["T1486"], ...first });
  for (const change of rest) group = send({ severity: "critical", ...change }).group;
  return group;
}

const resolved = { status: "resolved" } as const;
const instance = (instanceKey: string, until?: number): Partial<Alert> => ({
  hints: { instanceKey, ...(until !== undefined && { expiresAt: new Date(until).toISOString() }) },
});

describe("what fires", () => {
  test("without keys is one thing, over when the sender says so", () => {
    expect(firing({}, {}).cleared).toBe(false);
    expect(firing({}, {}, resolved).cleared).toBe(true);
    expect(firing({}, resolved, {}).cleared).toBe(false);
    expect(firing({}, resolved, resolved).cleared).toBe(true);
  });

  test("is over only when every instance is", () => {
    const over = (key: string) => ({ ...instance(key), ...resolved });
    expect(firing(instance("a"), instance("b"), over("a")).cleared).toBe(false);
    expect(firing(instance("a"), instance("b"), over("a"), over("b")).cleared).toBe(true);
    expect(firing(instance("a"), over("never seen")).cleared).toBe(false);
  });

  test("is over from the start when that is the first thing said", () => {
    expect(firing(resolved)).toMatchObject({ cleared: true, count: 1, occurrences: 0 });
  });

  test.each(["__proto__", "constructor", "toString", "", "="])("may have %j as its key", (key) => {
    const group = firing(instance(key));
    expect(Object.keys(group.memory.firing)).toHaveLength(1);
    expect(JSON.parse(JSON.stringify(group.memory))).toEqual(group.memory);
    expect(firing(instance(key), { ...instance(key), ...resolved })).toMatchObject({ cleared: true });
  });

  test("is tracked up to a bound", () => {
    const many = Array.from({ length: 100 }, (_, i) => instance(`i${i}`, noon + minute));
    const group = firing(...many);
    expect(Object.keys(group.memory.firing)).toHaveLength(64);
    expect(group).toMatchObject({ count: 100, occurrences: 100 });
  });
});

describe("an end that was announced", () => {
  test("is when the first instance lapses", () => {
    const group = firing(instance("a", noon + 5 * minute), instance("b", noon + 3 * minute), instance("c"));
    expect(group.firingUntil).toBe(noon + 3 * minute);
  });

  test("moves with every repeat", () => {
    const group = firing(instance("a", noon + 3 * minute), instance("a", noon + 9 * minute));
    expect(group.firingUntil).toBe(noon + 9 * minute);
  });

  test("clears the group when nothing else fires", () => {
    const group = firing(instance("a", noon + 3 * minute), instance("b", noon + 5 * minute));
    lapse(group, noon + 3 * minute - 1);
    expect(group).toMatchObject({ cleared: false, firingUntil: noon + 3 * minute });
    lapse(group, noon + 3 * minute);
    expect(group).toMatchObject({ cleared: false, firingUntil: noon + 5 * minute });
    lapse(group, noon + 5 * minute);
    expect(group).toMatchObject({ cleared: true, firingUntil: null });
  });

  test("does not lapse for an instance without one", () => {
    const group = firing(instance("a", noon + minute), instance("b"));
    lapse(group, noon + 100 * minute);
    expect(group).toMatchObject({ cleared: false, firingUntil: null });
  });

  test("in the past says that it is over already", () => {
    expect(firing(instance("a", noon)).cleared).toBe(true);
    expect(firing(instance("a"), instance("a", noon - minute)).cleared).toBe(true);
  });

  test("that is no time is none", () => {
    expect(firing({ hints: { instanceKey: "a", expiresAt: "soon" } })).toMatchObject({
      cleared: false,
      firingUntil: null,
    });
  });
});
