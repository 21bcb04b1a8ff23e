import { expect } from "vitest";
import type { StoredAlert } from "../../shared/group.ts";
import { alertUuid, chunkOfAlert } from "../../shared/uuid.ts";
import type { Batch } from "./load.ts";

/** The name of each stored alert by its id; fails on a name that is stored twice. */
function namesById(originals: readonly StoredAlert[]): Map<string, string> {
  const stored = originals.map(({ id, original }) => {
    const { labels, raw } = JSON.parse(original) as { labels: { name: string }; raw: { name: string } };
    return [id, labels.name === raw.name ? labels.name : "not as it was sent"] as const;
  });
  const names = stored.map(([, name]) => name);
  const seen = new Set<string>();
  expect(shown(names.filter((name) => seen.size === seen.add(name).size))).toEqual([]);
  return new Map(stored);
}

/** A failure of thousands is told by its first few. */
const shown = <T>(wrong: readonly T[]) => wrong.slice(0, 5);

const goodOf = ({ names }: Batch) => names.filter((name) => name !== null);

/**
 * Every alert of a 202 is stored under the id that its receipt gave it; a request without an answer left all or
 * nothing, and none that has a key is without. Gives how many alerts there are.
 */
export function expectExactlyOnce(batches: readonly Batch[], originals: readonly StoredAlert[]): number {
  const byId = namesById(originals);
  const answered = batches.filter(({ receipt }) => receipt !== null);
  const unanswered = batches.filter(({ receipt }) => receipt === null);
  const promised = answered.flatMap(({ names, receipt }) => {
    const { chunk, place } = chunkOfAlert(receipt ?? "");
    return names.flatMap((name, i) => (name === null ? [] : [[alertUuid(chunk, place + i), name] as const]));
  });
  expect(shown(promised.filter(([id, name]) => byId.get(id) !== name))).toEqual([]);
  expect(unanswered.filter(({ key }) => key !== null)).toEqual([]);

  const stored = new Set(byId.values());
  const whole = unanswered.filter((batch) => goodOf(batch).every((name) => stored.has(name)));
  const none = unanswered.filter((batch) => goodOf(batch).every((name) => !stored.has(name)));
  expect(whole.length + none.length).toBe(unanswered.length);
  expect(byId.size).toBe(promised.length + whole.flatMap(goodOf).length);
  console.log(
    `${promised.length} alerts in ${answered.length} answered requests; of ${unanswered.length} requests that a kill ` +
      `left without an answer and without a key ${whole.length} had been committed`,
  );
  return byId.size;
}
