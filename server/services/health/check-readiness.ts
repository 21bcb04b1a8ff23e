import type { Check, Readiness } from "../../../shared/readiness.ts";
import type { Deps } from "../../context.ts";
import { describeFailure } from "../../db/failures.ts";
import { leastFreeBytes } from "../../intake/appender.ts";
import { checkTriage } from "./check-triage.ts";

const patienceMs = 2_000;

export type ReadinessParts = Pick<Deps, "store" | "intake" | "clock">;

/**
 * Whether this node can take alerts, and what stands in the way. Triage that lags is told of, but its alerts are safe:
 * only a backlog that is full keeps a node from being ready.
 */
export async function checkReadiness(parts: ReadinessParts): Promise<Readiness> {
  const [store, log, triage, disk] = await Promise.all([
    inTime(checkStore(parts)),
    inTime(checkLog(parts)),
    inTime(checkTriage(parts)),
    checkDisk(parts),
  ]);
  const { backlog } = parts.intake;
  const isReady = store.ok && log.ok && disk.ok && !backlog.full;
  return {
    status: isReady ? "ready" : "not ready",
    checks: { store, log, triage: { ...unknown, ...triage, backlog: backlog.alerts }, disk },
  };
}

const unknown = { triagedUpTo: null, setAside: null };

/** What fails, or takes too long, says so. */
async function inTime<T extends Check>(checking: Promise<T>): Promise<T | Check> {
  const late = new Promise<Check>((resolve) => {
    const says = `no answer within ${patienceMs / 1_000} seconds`;
    setTimeout(resolve, patienceMs, { ok: false, says }).unref();
  });
  const failed = (error: unknown): Check => ({ ok: false, says: `the store ${describeFailure(error)}` });
  return Promise.race([checking.catch(failed), late]);
}

async function checkStore({ store }: ReadinessParts): Promise<Check> {
  const fault = store.fault();
  if (fault !== null) return { ok: false, says: `the embedded store had to stop: ${fault}` };
  const started = performance.now();
  const { rows } = await store.pool.query("select current_setting('transaction_read_only') = 'on' as reads");
  if (rows[0]?.reads) return { ok: false, says: "the store takes no writes" };
  return { ok: true, says: `answers in ${Math.round(performance.now() - started)} ms` };
}

async function checkLog({ intake: { appender } }: ReadinessParts): Promise<Check> {
  await appender.probe();
  const { fault } = appender;
  if (fault !== null) return { ok: false, says: `alerts cannot be committed: the store ${fault}` };
  return { ok: true, says: "alerts are committed" };
}

async function checkDisk({ store }: ReadinessParts): Promise<Check> {
  const room = await store.room().catch(() => null);
  if (room === null) return { ok: true, says: "the disk of the store is not ours to look at" };
  const [free, total] = [megabytes(room.free), megabytes(room.total)];
  if (room.free >= leastFreeBytes) return { ok: true, says: `${free} of ${total} MB free` };
  const wanted = megabytes(leastFreeBytes);
  return { ok: false, says: `${free} of ${total} MB free; alerts are taken again from ${wanted} MB on` };
}

const megabytes = (bytes: number) => Math.floor(bytes / 2 ** 20);
