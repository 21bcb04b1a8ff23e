import { uuidv7 } from "../../../shared/uuid.ts";
import type { Statement, Transaction } from "../../db/transaction.ts";
import { hourMs } from "../../triage/volume.ts";
import { entityLookupKey } from "../entity-lookup-key.ts";
import type { Outcome, StoryTurn, Touched } from "./outcome.ts";

const insertEvents: Statement = {
  name: "insert-events",
  text: `
    insert into item_event (id, item_id, at, event, because)
    select id, item_id, to_timestamp(at / 1000.0), event, because
    from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[]) as r(id, item_id, at, event, because)`,
};

const insertEntities: Statement = {
  name: "insert-entities",
  text: `
    insert into item_entity (item_id, type, value)
    select item_id, type, value from unnest($1::uuid[], $2::text[], $3::text[]) as r(item_id, type, value)
    on conflict do nothing`,
};

const countDetectors: Statement = {
  name: "count-detectors",
  text: `
    insert into detector select * from jsonb_populate_recordset(null::detector, $1::jsonb)
    on conflict (source, rule, environment) do update set
      last_seen = greatest(detector.last_seen, excluded.last_seen),
      alerts = detector.alerts + excluded.alerts, groups = detector.groups + excluded.groups`,
};

const addTallies: Statement = {
  name: "add-tallies",
  text: `
    insert into tally select * from jsonb_populate_recordset(null::tally, $1::jsonb)
    on conflict (hour, source, environment, service) do update set
      received = tally.received + excluded.received, created = tally.created + excluded.created,
      shown = tally.shown + excluded.shown`,
};

/** Writes what a stretch leaves besides the groups: their turns, entities, detectors and hourly sums. */
export async function saveTraces(db: Transaction, { touched, turns }: Outcome): Promise<void> {
  await saveEvents(db, turns);
  await saveEntities(db, touched);
  await saveDetectors(db, touched);
  await saveTallies(db, touched);
}

async function saveEvents(db: Transaction, turns: StoryTurn[]): Promise<void> {
  if (turns.length === 0) return;
  // Sorted, so that turns of one millisecond keep their order.
  const ids = turns.map(({ at }) => uuidv7(at)).sort();
  await db.run(insertEvents, [
    ids,
    turns.map(({ group }) => group),
    turns.map(({ at }) => at),
    turns.map(({ event }) => event),
    turns.map(({ because }) => because),
  ]);
}

async function saveEntities(db: Transaction, touched: Touched[]): Promise<void> {
  const changed = touched.filter(({ isNew, before }) => isNew || before !== null);
  const added = changed.flatMap(({ group, before }) =>
    group.entities.slice(before?.entities.length ?? 0).map((entity) => ({ group: group.id, ...entity })),
  );
  if (added.length === 0) return;
  await db.run(insertEntities, [
    added.map(({ group }) => group),
    added.map(({ type }) => type),
    added.map(({ value }) => entityLookupKey(value)),
  ]);
}

async function saveDetectors(db: Transaction, touched: Touched[]): Promise<void> {
  const sums = sumBy(touched, ({ source, rule, environment }) => ({ source, rule, environment }), false);
  const records = sums.map(({ key, first, last, alerts, created }) => ({
    ...key,
    first_seen: new Date(first),
    last_seen: new Date(last),
    alerts,
    groups: created,
  }));
  await db.run(countDetectors, [JSON.stringify(records)]);
}

async function saveTallies(db: Transaction, touched: Touched[]): Promise<void> {
  const keyOf = ({ source, environment, service }: Touched["group"]) => ({
    source,
    environment,
    service: service ?? "",
  });
  const records = sumBy(touched, keyOf, true).map(({ key, hour, alerts, created, shown }) => ({
    hour: new Date(hour * hourMs),
    ...key,
    received: alerts,
    created,
    shown,
  }));
  await db.run(addTallies, [JSON.stringify(records)]);
}

interface Sum<Key> {
  key: Key;
  hour: number;
  first: number;
  last: number;
  alerts: number;
  created: number;
  shown: number;
}

/** Sums by key, and by hour as well when they are to be told apart; a new group counts in its first hour. */
function sumBy<Key>(
  touched: Touched[],
  keyOf: (group: Touched["group"]) => Key,
  byHour: boolean,
): Sum<Key>[] {
  const sums = new Map<string, Sum<Key>>();
  for (const { group, hours, isNew } of touched) {
    const key = keyOf(group);
    let isFirst = true;
    for (const [hour, { first, last, alerts, interruptions }] of hours) {
      const sum = sumOf(sums, key, byHour ? hour : 0, first);
      sum.first = Math.min(sum.first, first);
      sum.last = Math.max(sum.last, last);
      sum.alerts += alerts;
      sum.shown += interruptions;
      if (isNew && isFirst) sum.created += 1;
      isFirst = false;
    }
  }
  return [...sums.values()];
}

function sumOf<Key>(sums: Map<string, Sum<Key>>, key: Key, hour: number, first: number): Sum<Key> {
  const name = JSON.stringify([hour, key]);
  const sum = sums.get(name) ?? { key, hour, first, last: first, alerts: 0, created: 0, shown: 0 };
  sums.set(name, sum);
  return sum;
}
