import { sql } from "drizzle-orm";
import type { Policy } from "../../../shared/policy.ts";
import { uuidv7 } from "../../../shared/uuid.ts";
import { nextChange } from "../../context.ts";
import type { Queryable, Store } from "../../db/client.ts";
import { item } from "../../db/schema.ts";
import type { LogChunk } from "../../intake/log.ts";
import type { GroupState } from "../../triage/group-state.ts";
import type { Arrival, Prepared } from "../../triage/prepare.ts";
import { type Decision, run } from "../../triage/run.ts";
import { type IndexPayload, packIndex } from "./alert-index.ts";
import { stateOf } from "./group-row.ts";
import { loadNovelty } from "./load-novelty.ts";
import { saveGroups } from "./save-groups.ts";
import { saveTraces } from "./save-traces.ts";

export interface ApplyParts {
  store: Store;
  policy: Policy;
  prepare(arrival: Arrival): Prepared;
}

/** A group that this stretch touched. */
export interface Touched {
  group: GroupState;
  /** Entities it had before. */
  entitiesBefore: number;
  previousIndex: string | null;
  position: number;
}

export interface DecidedAlert extends Decision {
  prepared: Prepared;
}

/** @returns the new watermark */
export async function applyLog(parts: ApplyParts, after: number, chunks: LogChunk[]): Promise<number> {
  const to = chunks.at(-1)?.seq ?? after;
  const arrivals = chunks.map((chunk) => ({ chunk, alerts: prepareChunk(parts, chunk) }));
  await parts.store.db.transaction(async (db) => {
    await moveWatermark(db, after, to);
    const prepared = arrivals.flatMap(({ alerts }) => alerts.map(({ prepared: one }) => one));
    const touched = await loadGroups(db, prepared);
    const noveltyOf = await loadNovelty(
      db,
      prepared.filter((one) => !touched.has(one.fingerprint)),
    );
    const knowledge = { policy: parts.policy, noveltyOf, newId: uuidv7 };
    const decided: DecidedAlert[] = [];
    const created: number[] = [];
    const index = arrivals.map(({ chunk, alerts }) => {
      const places = new Array<number>(chunk.places).fill(-1);
      for (const { place, prepared: one } of alerts) {
        const known = touched.get(one.fingerprint);
        const decision = run(known?.group, one, knowledge);
        decided.push({ ...decision, prepared: one });
        places[place] = known?.position ?? touched.size;
        if (known !== undefined) continue;
        created.push(touched.size);
        const fresh = {
          group: decision.group,
          entitiesBefore: 0,
          previousIndex: null,
          position: touched.size,
        };
        touched.set(one.fingerprint, fresh);
      }
      return { id: chunk.id, places };
    });
    const stretch = { from: chunks[0], to: chunks.at(-1) };
    await save(db, stretch, [...touched.values()], decided, { created, chunks: index });
  });
  return to;
}

function prepareChunk({ prepare }: ApplyParts, { alerts, receivedAt }: LogChunk) {
  return alerts.map(({ alert, place, ceiling }) => ({
    place,
    prepared: prepare({ alert, receivedAt, ceiling }),
  }));
}

/** Exactly once: whoever applies a stretch moves the watermark over it in the same transaction. */
async function moveWatermark(db: Queryable, from: number, to: number): Promise<void> {
  const { rowCount } = await db.execute(
    sql`update clock set seq = ${to} where name = 'triage' and seq = ${from}`,
  );
  if (rowCount !== 1) throw new Error(`the watermark is not at ${from} any more: another worker triages`);
}

async function loadGroups(db: Queryable, prepared: Prepared[]): Promise<Map<string, Touched>> {
  const wanted = [...new Set(prepared.map(({ fingerprint }) => fingerprint))];
  const rows = await db
    .select()
    .from(item)
    .where(sql`${item.fingerprint} = any(${sql.param(wanted)}::text[])`)
    .orderBy(item.id)
    .for("update");
  return new Map(
    rows.map((row, position) => {
      const group = stateOf(row);
      const { length } = group.entities;
      return [group.fingerprint, { group, entitiesBefore: length, previousIndex: row.lastIndex, position }];
    }),
  );
}

async function save(
  db: Queryable,
  stretch: { from: LogChunk | undefined; to: LogChunk | undefined },
  touched: Touched[],
  decided: DecidedAlert[],
  { created, chunks }: Pick<IndexPayload, "created" | "chunks">,
): Promise<void> {
  const { from, to } = stretch;
  if (from === undefined || to === undefined) return;
  const id = uuidv7(to.receivedAt);
  const groups = touched.map(({ group }) => group.id);
  const previous = touched.map(({ previousIndex }) => previousIndex);
  const detectors = [...new Set(touched.map(({ group }) => `${group.source}/${group.rule}`))];
  const bytes = await packIndex({ groups, previous, created, chunks });
  await db.execute(sql`
    insert into alert_index (id, seq_from, seq_to, received_from, received_to, detectors, bytes)
    values (${id}, ${from.seq}, ${to.seq}, ${new Date(from.receivedAt)}, ${new Date(to.receivedAt)},
      ${sql.param(detectors)}::text[], ${bytes})`);
  await saveTraces(db, touched, decided);
  // Taken last: it holds back everyone else who changes an item until this transaction ends.
  const changed = await nextChange(db);
  await saveGroups(
    db,
    touched.map(({ group }) => ({ group, lastIndex: id })),
    changed,
  );
}

/** Where triage stands in the log. */
export async function readWatermark({ db }: Store): Promise<number> {
  const { rows } = await db.execute(sql`select seq from clock where name = 'triage'`);
  return Number(rows[0]?.seq);
}
