import { migrate, type Store } from "../../server/db/client.ts";
import { ensurePartitions } from "../../server/jobs/ensure-partitions.ts";
import { countedUp } from "../../server/services/triage/group-row.ts";
import type { Item, StoredAlert } from "../../shared/group.ts";
import type { Page } from "../../shared/queue.ts";
import { asAdmin } from "./launch-server.ts";

/** Every group, whatever its band, status or visibility. */
export async function allGroups(url: string): Promise<Item[]> {
  const bands = ["P1", "P2", "P3", "P4", "P5"].map((band) => `band=${band}`);
  const statuses = ["open", "acknowledged", "snoozed", "resolved"].map((status) => `status=${status}`);
  const query = ["flat=true", "hidden=include", "limit=200", ...bands, ...statuses].join("&");
  return allPages(`${url}/api/v1/queue?${query}`);
}

/** The original alerts of every one of the groups. */
export async function originalsOf(url: string, groups: readonly Item[]): Promise<Map<string, StoredAlert[]>> {
  const originals = new Map<string, StoredAlert[]>();
  const waiting = [...groups];
  const reader = async () => {
    for (let group = waiting.pop(); group !== undefined; group = waiting.pop())
      originals.set(group.id, await allPages(`${url}/api/v1/groups/${group.id}/alerts?limit=200`));
  };
  await Promise.all([reader(), reader(), reader()]);
  return originals;
}

async function allPages<T>(first: string): Promise<T[]> {
  const items: T[] = [];
  let next: string | null = null;
  do {
    const cursor: string = next === null ? "" : `&cursor=${encodeURIComponent(next)}`;
    const answer = await fetch(`${first}${cursor}`, { headers: asAdmin });
    if (!answer.ok) throw new Error(`${first}: ${answer.status} ${await answer.text()}`);
    const page = (await answer.json()) as Page<T>;
    items.push(...page.items);
    next = page.next;
  } while (next !== null);
  return items;
}

/** Gives an empty store the log of another one, chunk by chunk as it was committed, and nothing that triage made of it. */
export async function copyLog(from: Store, to: Store): Promise<number> {
  await migrate(to);
  await ensurePartitions({ store: to, clock: Date.now });
  const columns = "id, seq, received_at, alerts, raw_bytes, bytes";
  const { rows } = await from.pool.query(`select ${columns} from alert_log order by seq`);
  for (const { id, seq, received_at, alerts, raw_bytes, bytes } of rows) {
    const values = [id, seq, received_at, alerts, raw_bytes, bytes];
    await to.pool.query(`insert into alert_log (${columns}) values ($1, $2, $3, $4, $5, $6)`, values);
  }
  await to.pool.query("update clock set seq = $1 where name = 'log'", [rows.at(-1)?.seq]);
  return rows.length;
}

/** All that triage decided, without the ids and sequences that a run draws for itself. */
export async function decisions({ pool }: Store): Promise<Record<string, unknown[]>> {
  const rows = async (query: string) => (await pool.query(query)).rows;
  const items = await rows("select * from item order by fingerprint");
  return {
    groups: items.map(({ id, changed_seq, last_index, memory, ...decided }) => {
      // How much of it was last stored depends on where the turns were cut.
      const { stored, ...remembered } = countedUp(memory, Number(decided.occurrences));
      return { ...decided, memory: remembered };
    }),
    events: await rows(
      `select fingerprint, e.at, event, because from item_event e join item on item.id = item_id
       order by fingerprint, e.at, event, because`,
    ),
    entities: await rows(
      `select fingerprint, type, value from item_entity join item on item.id = item_id
       order by fingerprint, type, value`,
    ),
    detectors: await rows("select * from detector order by source, rule, environment"),
    tallies: await rows("select * from tally order by hour, source, environment, service"),
  };
}
