import type { TriageCheck } from "../../../shared/readiness.ts";
import type { Deps } from "../../context.ts";

const lateMs = 60_000;

/** Where triage stands in the log, whichever node does it. */
export async function checkTriage({
  store,
  clock,
}: Pick<Deps, "store" | "clock">): Promise<Omit<TriageCheck, "backlog">> {
  const { rows } = await store.pool.query<{ oldest: Date | null; upTo: Date | null; aside: number }>(`
    select
      (select received_at from alert_log where seq > (select seq from clock where name = 'triage')
        order by seq limit 1) as oldest,
      (select received_to from alert_index order by id desc limit 1) as "upTo",
      (select coalesce(sum(alerts), 0)::float8 from quarantine) as aside`);
  const [row] = rows;
  const waits = row?.oldest == null ? 0 : Math.max(0, clock() - row.oldest.getTime());
  const setAside = row?.aside ?? 0;
  const behind =
    waits === 0 ? "nothing waits" : `the oldest alert waits since ${Math.round(waits / 1_000)} s`;
  const apart = setAside === 0 ? "" : `; ${setAside} could not be triaged and were set aside`;
  return {
    ok: waits < lateMs,
    says: `${behind}${apart}`,
    triagedUpTo: row?.upTo?.toISOString() ?? null,
    setAside,
  };
}
