import { sql } from "drizzle-orm";
import { uuidv7 } from "../../../shared/uuid.ts";
import type { Queryable } from "../../db/client.ts";
import { entityLookupKey } from "../entity-lookup-key.ts";
import type { DecidedAlert, Touched } from "./outcome.ts";

const hourMs = 3_600_000;

/** Writes what a stretch leaves besides the groups: their turns, entities, detectors and hourly sums. */
export async function saveTraces(db: Queryable, touched: Touched[], decided: DecidedAlert[]): Promise<void> {
  await saveEvents(db, decided);
  await saveEntities(db, touched);
  await saveDetectors(db, decided);
  await saveTallies(db, decided);
}

async function saveEvents(db: Queryable, decided: DecidedAlert[]): Promise<void> {
  const records = decided.flatMap(({ group, turns, prepared: { receivedAt } }) =>
    turns.map(({ event, because }) => ({
      item_id: group.id,
      at: new Date(receivedAt).toISOString(),
      event,
      because,
    })),
  );
  if (records.length === 0) return;
  // Sorted, so that turns of one millisecond keep their order.
  const ids = records.map(({ at }) => uuidv7(Date.parse(at))).sort();
  const rows = JSON.stringify(records.map((record, i) => ({ id: ids[i], ...record })));
  await db.execute(
    sql`insert into item_event select * from jsonb_populate_recordset(null::item_event, ${rows}::jsonb)`,
  );
}

async function saveEntities(db: Queryable, touched: Touched[]): Promise<void> {
  const records = touched.flatMap(({ group, before }) =>
    group.entities
      .slice(before?.entities.length ?? 0)
      .map(({ type, value }) => ({ item_id: group.id, type, value: entityLookupKey(value) })),
  );
  if (records.length === 0) return;
  await db.execute(sql`
    insert into item_entity (item_id, type, value)
    select item_id, type, value from jsonb_populate_recordset(null::item_entity, ${JSON.stringify(records)}::jsonb)
    on conflict do nothing`);
}

async function saveDetectors(db: Queryable, decided: DecidedAlert[]): Promise<void> {
  const sums = sumBy(decided, ({ group: { source, rule, environment } }) => ({ source, rule, environment }), {
    within: Number.POSITIVE_INFINITY,
  });
  const records = sums.map(({ key, first, last, alerts, created }) => ({
    ...key,
    first_seen: new Date(first),
    last_seen: new Date(last),
    alerts,
    groups: created,
  }));
  await db.execute(sql`
    insert into detector select * from jsonb_populate_recordset(null::detector, ${JSON.stringify(records)}::jsonb)
    on conflict (source, rule, environment) do update set
      last_seen = greatest(detector.last_seen, excluded.last_seen),
      alerts = detector.alerts + excluded.alerts, groups = detector.groups + excluded.groups`);
}

async function saveTallies(db: Queryable, decided: DecidedAlert[]): Promise<void> {
  const keyOf = ({ group: { source, environment, service } }: DecidedAlert) => ({
    source,
    environment,
    service: service ?? "",
  });
  const records = sumBy(decided, keyOf, { within: hourMs }).map(({ key, first, alerts, created, shown }) => ({
    hour: new Date(Math.floor(first / hourMs) * hourMs),
    ...key,
    received: alerts,
    created,
    shown,
  }));
  await db.execute(sql`
    insert into tally select * from jsonb_populate_recordset(null::tally, ${JSON.stringify(records)}::jsonb)
    on conflict (hour, source, environment, service) do update set
      received = tally.received + excluded.received, created = tally.created + excluded.created,
      shown = tally.shown + excluded.shown`);
}

interface Sum<Key> {
  key: Key;
  first: number;
  last: number;
  alerts: number;
  created: number;
  shown: number;
}

/** Sums by key and stretch of time; alerts of one group share their key, so it is made once for each group. */
function sumBy<Key>(
  decided: DecidedAlert[],
  keyOf: (one: DecidedAlert) => Key,
  { within }: { within: number },
): Sum<Key>[] {
  const sums = new Map<string, Sum<Key>>();
  const ofGroup = new Map<string, { stretch: number; sum: Sum<Key> }>();
  for (const one of decided) {
    const { receivedAt } = one.prepared;
    const stretch = Math.floor(receivedAt / within);
    const known = ofGroup.get(one.group.id);
    const sum = known?.stretch === stretch ? known.sum : sumOf(sums, keyOf(one), stretch, receivedAt);
    if (known?.sum !== sum) ofGroup.set(one.group.id, { stretch, sum });
    sum.last = Math.max(sum.last, receivedAt);
    sum.alerts += 1;
    sum.created += one.created ? 1 : 0;
    sum.shown += one.interrupts ? 1 : 0;
  }
  return [...sums.values()];
}

function sumOf<Key>(sums: Map<string, Sum<Key>>, key: Key, stretch: number, at: number): Sum<Key> {
  const name = JSON.stringify([stretch, key]);
  const sum = sums.get(name) ?? { key, first: at, last: at, alerts: 0, created: 0, shown: 0 };
  sums.set(name, sum);
  return sum;
}
