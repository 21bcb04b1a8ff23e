import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createReplayTriage, type ReplayDecision } from "../../server/cli/replay-triage.ts";
import { migrate, openStore, type Store } from "../../server/db/client.ts";
import type { LogChunk } from "../../server/intake/log.ts";
import { applyLog } from "../../server/services/triage/apply-log.ts";
import { createGroupCache } from "../../server/services/triage/group-cache.ts";
import { createContentReader } from "../../server/triage/content.ts";
import type { Alert } from "../../shared/alert.ts";
import { defaultPolicy } from "../../shared/policy.ts";
import { chunkUuid } from "../../shared/uuid.ts";

const start = Date.parse("2026-03-02T09:00:00Z");
const minute = 60_000;
const severities = ["low", "medium", "high", "critical"] as const;
const environments = ["production", "development", undefined] as const;

/** Times, severities and resolutions that bring groups up, down and back. */
const alerts: Alert[] = Array.from({ length: 400 }, (_, i) => {
  const environment = environments[i % 3];
  return {
    source: "probe",
    rule: `rule-${i % 13}`,
    title: `Seen ${i} times from 192.0.2.${i % 50}`,
    severity: severities[(i * 7) % 4] ?? "low",
    occurredAt: new Date(start + i * 11 * minute).toISOString(),
    status: i % 29 === 28 ? "resolved" : "firing",
    ...(environment !== undefined && { environment }),
    entities: [{ type: "host", value: `host-${i % 5}`, role: "target" }],
    ...(i % 9 === 0 && { techniques: ["T1486"] }),
  };
});

function replay(list: readonly Alert[]): ReplayDecision[] {
  const triage = createReplayTriage(defaultPolicy);
  return list.map((alert) => triage.decide(alert));
}

/** What the last decision on each item says, with the items numbered as they came. */
function outcomeOf(decisions: readonly ReplayDecision[]) {
  const last = new Map<string, Omit<ReplayDecision, "item" | "interrupts">>();
  for (const { item, interrupts: _, ...rest } of decisions) last.set(item, rest);
  return [...last.values()];
}

describe("a replay", () => {
  let store: Store;
  beforeAll(async () => {
    store = await openStore({ dataDir: null });
    await migrate(store);
  }, 120_000);
  afterAll(() => store.close());

  it.each([1, 7, 400])(
    "leaves the groups just as the server's triage in stretches of %i",
    { timeout: 120_000 },
    async (size) => {
      await store.pool.query("truncate item, item_entity, item_event, detector, tally, alert_index");
      await store.pool.query("update clock set seq = 0");
      const cache = createGroupCache();
      const parts = { store, policy: defaultPolicy, cache, contentOf: createContentReader(defaultPolicy) };
      const chunks = alerts.map((alert, i) => chunkOf(alert, i));
      for (let from = 0; from < chunks.length; from += size) {
        await applyLog(parts, from, chunks.slice(from, from + size));
      }
      const { rows } = await store.pool.query(`
      select 'P' || band as band, hidden_by is null and band <= 3 and status = 'open' as visible,
        coalesce(hidden_because, case status when 'resolved' then 'Nothing of it fires any more'
          else factors->0->>'because' end) as because
      from item order by first_seen`);
      expect(rows).toEqual(outcomeOf(replay(alerts)));
    },
  );

  it("says the same each time, whatever follows", () => {
    const decisions = replay(alerts);
    expect(replay(alerts)).toEqual(decisions);
    expect(replay(alerts.slice(0, 150))).toEqual(decisions.slice(0, 150));
  });

  const firing = (minutes: number, fields: Partial<Alert> = {}): Alert => ({
    source: "probe",
    rule: "down",
    title: "It is down",
    severity: "high",
    dedupKey: "down",
    occurredAt: new Date(start + minutes * minute).toISOString(),
    hints: { instanceKey: "a", expiresAt: new Date(start + (minutes + 5) * minute).toISOString() },
    ...fields,
  });

  it("what stopped saying that it fires resolves when its time is over, and interrupts again", () => {
    const other = (minutes: number) =>
      firing(minutes, { rule: "other", dedupKey: "other", severity: "info" });
    const kept = replay([firing(0), other(4), firing(4)]);
    const back = replay([firing(0), other(6), firing(6)]);
    expect(kept.map(({ interrupts }) => interrupts)).toEqual([true, false, false]);
    expect(back.map(({ interrupts }) => interrupts)).toEqual([true, false, true]);
  });

  it("a resolved group says so", () => {
    const [, last] = replay([firing(0), firing(1, { status: "resolved" })]);
    expect(last).toMatchObject({ visible: false, because: "Nothing of it fires any more" });
  });

  it("the clock stands for what has no time and never goes back", () => {
    const { occurredAt: _, ...timeless } = firing(0, { rule: "timeless", dedupKey: "timeless" });
    const triage = createReplayTriage(defaultPolicy);
    const ids = [firing(10), timeless, firing(2, { dedupKey: "late" })].map((one) => triage.decide(one).item);
    expect(new Set(ids.map((id) => id.slice(0, 13))).size).toBe(1);
    expect(triage.late).toBe(1);
  });
});

function chunkOf(alert: Alert, i: number): LogChunk {
  const receivedAt = Date.parse(alert.occurredAt ?? "");
  return {
    id: chunkUuid(receivedAt),
    seq: i + 1,
    receivedAt,
    places: 1,
    alerts: [{ alert, place: 0, ceiling: null, said: receivedAt }],
  };
}
