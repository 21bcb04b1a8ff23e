import { sql } from "drizzle-orm";
import type { Policy } from "../../../shared/policy.ts";
import { uuidv7 } from "../../../shared/uuid.ts";
import { nextChange } from "../../context.ts";
import type { Queryable, Store } from "../../db/client.ts";
import type { LogChunk } from "../../intake/log.ts";
import type { GroupState } from "../../triage/group-state.ts";
import type { Arrival, Prepared } from "../../triage/prepare.ts";
import { run } from "../../triage/run.ts";
import { silencesOf } from "../silences/load-silencer.ts";
import { packIndex } from "./alert-index.ts";
import type { CachedGroup, GroupCache } from "./group-cache.ts";
import { GroupsMovedError, loadGroups, lockGroups } from "./load-groups.ts";
import { loadNovelty } from "./load-novelty.ts";
import type { DecidedAlert, Touched } from "./outcome.ts";
import { onlyRepeated, saveGroups, saveRepeats } from "./save-groups.ts";
import { saveTraces } from "./save-traces.ts";

export interface ApplyParts {
  store: Store;
  policy: Policy;
  cache: GroupCache;
  prepare(arrival: Arrival): Prepared;
}

/** A chunk of the log with what each of its alerts turned out to be. */
interface PreparedChunk {
  chunk: LogChunk;
  alerts: { place: number; prepared: Prepared }[];
}

/** What a stretch of the log comes to, before any of it is written. */
interface Outcome {
  chunks: PreparedChunk[];
  loaded: CachedGroup[];
  touched: ReadonlyMap<string, Touched>;
  decided: DecidedAlert[];
  /** The change of the silences that it was decided with. */
  silences: number;
}

const mostAttempts = 10;

/**
 * Triages a stretch of the log: decides first, then writes in one transaction that also moves the watermark over it.
 * Exactly once, whatever breaks in between; when a person changed one of the groups meanwhile, it decides again.
 * @returns the new watermark
 */
export async function applyLog(parts: ApplyParts, after: number, chunks: LogChunk[]): Promise<number> {
  const to = chunks.at(-1)?.seq ?? after;
  const prepared = chunks.map((chunk) => prepareChunk(parts, chunk));
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await decide(parts, prepared);
    try {
      await parts.store.db.transaction(async (db) => {
        if ((await moveWatermark(db, after, to)) !== outcome.silences) throw new GroupsMovedError();
        await lockGroups(db, outcome.loaded);
        await save(db, parts.cache, outcome);
      });
      return to;
    } catch (error) {
      // The cached groups were counted up in place.
      parts.cache.clear();
      silencesOf(parts.store).forget();
      if (!(error instanceof GroupsMovedError) || attempt === mostAttempts) throw error;
    }
  }
}

/** Where triage stands in the log. */
export async function readWatermark({ db }: Pick<Store, "db">): Promise<number> {
  const { rows } = await db.execute(sql`select seq from clock where name = 'triage'`);
  return Number(rows[0]?.seq);
}

function prepareChunk({ prepare }: ApplyParts, chunk: LogChunk): PreparedChunk {
  const { receivedAt } = chunk;
  const alerts = chunk.alerts.map(({ alert, place, ceiling }) => ({
    place,
    prepared: prepare({ alert, receivedAt, ceiling }),
  }));
  return { chunk, alerts };
}

/** @returns the number of the silences' last change, which nobody moves until this transaction ends */
async function moveWatermark(db: Queryable, from: number, to: number): Promise<number> {
  const { rows } = await db.execute(sql`
    with known as (select seq from clock where name = 'silences' for share)
    update clock set seq = ${to} where name = 'triage' and seq = ${from}
    returning (select seq from known) as silences`);
  if (rows.length !== 1) throw new Error(`the watermark is not at ${from} any more: another worker triages`);
  return Number(rows[0]?.silences);
}

async function decide({ store, cache, policy }: ApplyParts, chunks: PreparedChunk[]): Promise<Outcome> {
  const prepared = chunks.flatMap(({ alerts }) => alerts.map((one) => one.prepared));
  const fingerprints = [...new Set(prepared.map(({ fingerprint }) => fingerprint))];
  const loaded = await loadGroups(store.db, cache, fingerprints);
  const touched = new Map<string, Touched>();
  for (const { group, lastIndex } of loaded) {
    const before = { ...group, entities: [...group.entities], techniques: [...group.techniques] };
    touched.set(group.fingerprint, { group, before, previousIndex: lastIndex, position: touched.size });
  }
  const unknown = prepared.filter(({ fingerprint }) => !touched.has(fingerprint));
  const { seq: silences, silencer } = await silencesOf(store).current();
  const knowledge = { policy, silencer, noveltyOf: await loadNovelty(store.db, unknown), newId: uuidv7 };
  const decided = prepared.map((one): DecidedAlert => {
    const decision = run(touched.get(one.fingerprint)?.group, one, knowledge);
    if (decision.created) {
      const fresh = { group: decision.group, before: null, previousIndex: null, position: touched.size };
      touched.set(one.fingerprint, fresh);
    }
    return { ...decision, prepared: one };
  });
  return { chunks, loaded, touched, decided, silences };
}

async function save(db: Queryable, cache: GroupCache, outcome: Outcome): Promise<void> {
  const { chunks, touched, decided } = outcome;
  const index = await saveIndex(db, chunks, touched);
  await saveTraces(db, [...touched.values()], decided);
  await saveTouched(db, cache, [...touched.values()], index);
}

/** Says for every place of the chunks which group its alert went to. */
async function saveIndex(
  db: Queryable,
  prepared: PreparedChunk[],
  touched: ReadonlyMap<string, Touched>,
): Promise<string> {
  const chunks = prepared.map(({ chunk, alerts }) => {
    const places = new Array<number>(chunk.places).fill(-1);
    for (const { place, prepared: one } of alerts)
      places[place] = touched.get(one.fingerprint)?.position ?? -1;
    return { id: chunk.id, places };
  });
  const all = [...touched.values()];
  const bytes = await packIndex({
    groups: all.map(({ group }) => group.id),
    previous: all.map(({ previousIndex }) => previousIndex),
    created: all.filter(({ before }) => before === null).map(({ position }) => position),
    chunks,
  });
  const detectors = [...new Set(all.map(({ group }) => `${group.source}/${group.rule}`))];
  const times = prepared.map(({ chunk }) => chunk.receivedAt);
  const id = uuidv7(Math.max(...times));
  await db.execute(sql`
    insert into alert_index (id, seq_from, seq_to, received_from, received_to, detectors, bytes)
    values (${id}, ${prepared[0]?.chunk.seq}, ${prepared.at(-1)?.chunk.seq}, ${new Date(Math.min(...times))},
      ${new Date(Math.max(...times))}, ${sql.param(detectors)}::text[], ${bytes})`);
  return id;
}

async function saveTouched(
  db: Queryable,
  cache: GroupCache,
  touched: Touched[],
  lastIndex: string,
): Promise<void> {
  const repeats: { group: GroupState; lastIndex: string }[] = [];
  const changed: typeof repeats = [];
  for (const { group, before } of touched) {
    const list = before !== null && onlyRepeated(before, group) ? repeats : changed;
    list.push({ group, lastIndex });
  }
  // Taken last: it holds back everyone else who changes an item until this transaction ends.
  const changedSeq = await nextChange(db);
  await saveRepeats(db, repeats, changedSeq);
  await saveGroups(db, changed, changedSeq);
  for (const { group } of touched) cache.put({ group, changedSeq, lastIndex });
}
