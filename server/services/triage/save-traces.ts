import { sql } from "drizzle-orm";
import { uuidv7 } from "../../../shared/uuid.ts";
import type { Queryable } from "../../db/client.ts";
import type { DecidedAlert, Touched } from "./apply-log.ts";

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
      .map(({ type, value }) => ({ item_id: group.id, type, value })),
  );
  if (records.length === 0) return;
  await db.execute(sql`
    insert into item_entity (item_id, type, value)
    select item_id, type, value from jsonb_populate_recordset(null::item_entity, ${JSON.stringify(records)}::jsonb)
    on conflict do nothing`);
}

async function saveDetectors(db: Queryable, decided: DecidedAlert[]): Promise<void> {
  const sums = sumBy(decided, ({ prepared: { alert, placement, receivedAt }, created }) => ({
    key: [alert.source, alert.rule, placement.environment],
    at: receivedAt,
    add: [1, created ? 1 : 0],
  }));
  const records = sums.map(({ key: [source, rule, environment], first, last, add: [alerts, groups] }) => ({
    source,
    rule,
    environment,
    first_seen: new Date(first).toISOString(),
    last_seen: new Date(last).toISOString(),
    alerts,
    groups,
  }));
  await db.execute(sql`
    insert into detector select * from jsonb_populate_recordset(null::detector, ${JSON.stringify(records)}::jsonb)
    on conflict (source, rule, environment) do update set
      last_seen = greatest(detector.last_seen, excluded.last_seen),
      alerts = detector.alerts + excluded.alerts, groups = detector.groups + excluded.groups`);
}

async function saveTallies(db: Queryable, decided: DecidedAlert[]): Promise<void> {
  const sums = sumBy(decided, ({ prepared: { alert, placement, receivedAt }, created, interrupts }) => ({
    key: [
      String(Math.floor(receivedAt / hourMs)),
      alert.source,
      placement.environment,
      placement.service ?? "",
    ],
    at: receivedAt,
    add: [1, created ? 1 : 0, interrupts ? 1 : 0],
  }));
  const records = sums.map(
    ({ key: [, source, environment, service], first, add: [received, created, shown] }) => ({
      hour: new Date(Math.floor(first / hourMs) * hourMs).toISOString(),
      source,
      environment,
      service,
      received,
      created,
      shown,
    }),
  );
  await db.execute(sql`
    insert into tally select * from jsonb_populate_recordset(null::tally, ${JSON.stringify(records)}::jsonb)
    on conflict (hour, source, environment, service) do update set
      received = tally.received + excluded.received, created = tally.created + excluded.created,
      shown = tally.shown + excluded.shown`);
}

interface Sum {
  key: string[];
  first: number;
  last: number;
  add: number[];
}

function sumBy(
  decided: DecidedAlert[],
  read: (one: DecidedAlert) => { key: string[]; at: number; add: number[] },
): Sum[] {
  const sums = new Map<string, Sum>();
  for (const one of decided) {
    const { key, at, add } = read(one);
    const name = JSON.stringify(key);
    const sum = sums.get(name);
    if (sum === undefined) sums.set(name, { key, first: at, last: at, add });
    else {
      sum.first = Math.min(sum.first, at);
      sum.last = Math.max(sum.last, at);
      sum.add = sum.add.map((value, i) => value + (add[i] ?? 0));
    }
  }
  return [...sums.values()];
}
