import { sql } from "drizzle-orm";
import type { Alert, Severity } from "../../../shared/alert.ts";
import type { Policy } from "../../../shared/policy.ts";
import { uuidv7 } from "../../../shared/uuid.ts";
import { nextChange } from "../../context.ts";
import type { Queryable, Store } from "../../db/client.ts";
import { inTransaction, type Transaction } from "../../db/transaction.ts";
import type { LogChunk } from "../../intake/log.ts";
import type { Turned } from "../../observe/turn-figures.ts";
import type { Content } from "../../triage/content.ts";
import { silencesOf } from "../silences/load-silencer.ts";
import { decide, type ReadChunk, readContents } from "./decide.ts";
import type { GroupCache } from "./group-cache.ts";
import { GroupsMovedError, loadGroups, lockGroups } from "./load-groups.ts";
import { loadNovelty } from "./load-novelty.ts";
import type { Outcome } from "./outcome.ts";
import { saveGroups, saveRepeats, sortTouched } from "./save-groups.ts";
import { saveIndex } from "./save-index.ts";
import { saveTraces } from "./save-traces.ts";

export interface ApplyParts {
  store: Store;
  policy: Policy;
  cache: GroupCache;
  contentOf(alert: Alert, ceiling: Severity | null): Content;
  /** Told of what was committed. */
  turned?(turn: Turned): void;
}

const mostAttempts = 10;

/**
 * Triages a stretch of the log: decides first, then writes in one transaction that also moves the watermark over it.
 * Exactly once, whatever breaks in between; when a person changed one of the groups meanwhile, it decides again.
 * @param atLast is done in the same transaction
 * @returns the new watermark
 */
export async function applyLog(
  parts: ApplyParts,
  after: number,
  chunks: LogChunk[],
  atLast?: (db: Queryable) => Promise<void>,
): Promise<number> {
  const to = chunks.at(-1)?.seq ?? after;
  const started = performance.now();
  const read = await readContents(chunks, parts.contentOf);
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await outcomeOf(parts, read);
    try {
      await inTransaction(parts.store, async (db) => {
        if ((await moveWatermark(db, after, to)) !== outcome.silences) throw new GroupsMovedError();
        await save(db, parts, outcome);
        await atLast?.(db);
      });
      parts.turned?.(turnOf(read, outcome, started));
      return to;
    } catch (error) {
      // The cached groups were counted up in place.
      parts.cache.clear();
      silencesOf(parts.store).forget();
      if (!(error instanceof GroupsMovedError) || attempt === mostAttempts) throw error;
    }
  }
}

function turnOf(read: ReadChunk[], { touched }: Outcome, started: number): Turned {
  let alerts = 0;
  let created = 0;
  for (const { contents } of read) alerts += contents.length;
  for (const { isNew } of touched) if (isNew) created += 1;
  return { seconds: (performance.now() - started) / 1_000, alerts, created };
}

/** Where triage stands in the log. */
export async function readWatermark({ db }: Pick<Store, "db">): Promise<number> {
  const { rows } = await db.execute(sql`select seq from clock where name = 'triage'`);
  return Number(rows[0]?.seq);
}

/** @returns the number of the silences' last change, which nobody moves until this transaction ends */
export async function moveWatermark(db: Queryable, from: number, to: number): Promise<number> {
  const { rows } = await db.execute(sql`
    with known as (select seq from clock where name = 'silences' for share)
    update clock set seq = ${to} where name = 'triage' and seq = ${from}
    returning (select seq from known) as silences`);
  if (rows.length !== 1) throw new Error(`the watermark is not at ${from} any more: another worker triages`);
  return Number(rows[0]?.silences);
}

async function outcomeOf({ store, cache, policy }: ApplyParts, chunks: ReadChunk[]): Promise<Outcome> {
  const byFingerprint = new Map<string, Content>();
  for (const { contents } of chunks)
    for (const content of contents) byFingerprint.set(content.fingerprint, content);
  const loaded = await loadGroups(store.db, cache, [...byFingerprint.keys()]);
  for (const { group } of loaded) byFingerprint.delete(group.fingerprint);
  const noveltyOf = await loadNovelty(store.db, [...byFingerprint.values()]);
  const { seq: silences, silencer } = await silencesOf(store).current();
  const decided = await decide(chunks, loaded, { policy, silencer, noveltyOf, newId: uuidv7 });
  return { ...decided, loaded, silences };
}

async function save(db: Transaction, { store, cache }: ApplyParts, outcome: Outcome): Promise<void> {
  const sorted = sortTouched(outcome.touched);
  const known = sorted.changed.filter(({ isNew }) => !isNew);
  // On the embedded store a transaction is alone, and those that repeat are looked at when they are written.
  await lockGroups(db, store.kind === "postgres" ? outcome.loaded : known);
  const lastIndex = await saveIndex(db, outcome);
  await saveTraces(db, outcome);
  // Taken last: it holds back everyone else who changes an item until this transaction ends.
  const changedSeq = await nextChange(db);
  await saveRepeats(db, sorted, changedSeq, lastIndex);
  await saveGroups(
    db,
    sorted.changed.map(({ group }) => ({ group, lastIndex })),
    changedSeq,
  );
  for (const { group, repeatable } of outcome.touched)
    cache.put({ group, repeatable, changedSeq, lastIndex });
}
