import { sql } from "drizzle-orm";
import type { Deps } from "../../context.ts";
import { sender, senderHour } from "../../db/intake-tables.ts";
import { type SenderCount, type SenderSums, senderChanges } from "../../observe/sender-counts.ts";
import { storable } from "../storable.ts";

const hourMs = 3_600_000;
const mostMessage = 500;

type Change = { count: SenderCount; since: SenderSums };

/** Writes who sent what since the last time, each time that it is called. Nodes add to what others wrote. */
export function keepSenders({ store, clock, observe }: Pick<Deps, "store" | "clock" | "observe">) {
  const changes = senderChanges(observe.senders);
  return async (): Promise<void> => {
    // In one order on every node, so that no two wait for each other.
    const changed = changes().sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
    if (changed.length === 0) return;
    const hour = new Date(Math.floor(clock() / hourMs) * hourMs);
    await store.db.transaction(async (db) => {
      await db
        .insert(sender)
        .values(changed.map(({ count }) => senderRow(count)))
        .onConflictDoUpdate({ target: [sender.actorId, sender.format], set: newest });
      await db
        .insert(senderHour)
        .values(changed.map(({ count, since }) => hourRow(count, since, hour)))
        .onConflictDoUpdate({
          target: [senderHour.actorId, senderHour.format, senderHour.hour],
          set: added,
        });
    });
  };
}

const keyOf = ({ count }: Change) => `${count.actor.id}\0${count.format}`;

function senderRow({ actor, format, lastAt, lastReject }: SenderCount): typeof sender.$inferInsert {
  return {
    actorId: actor.id,
    actorName: storable(actor.name),
    environments: actor.environments === null ? null : [...actor.environments],
    services: actor.services === null ? null : [...actor.services],
    format,
    lastAt: new Date(lastAt),
    lastRejectAt: lastReject === null ? null : new Date(lastReject.at),
    lastRejectCode: lastReject?.code ?? null,
    lastRejectMessage: lastReject === null ? null : storable(lastReject.message.slice(0, mostMessage)),
  };
}

function hourRow({ actor, format }: SenderCount, since: SenderSums, hour: Date) {
  const { overloaded: _, ...sums } = since;
  return { actorId: actor.id, format, hour, ...sums };
}

/** Another node may have seen a later one. */
function ofNewer(column: string) {
  return sql.raw(`case when excluded.last_reject_at >= coalesce(sender.last_reject_at, '-infinity')
    then excluded.${column} else sender.${column} end`);
}

const newest = {
  actorName: sql`excluded.actor_name`,
  environments: sql`excluded.environments`,
  services: sql`excluded.services`,
  lastAt: sql`greatest(sender.last_at, excluded.last_at)`,
  lastRejectAt: ofNewer("last_reject_at"),
  lastRejectCode: ofNewer("last_reject_code"),
  lastRejectMessage: ofNewer("last_reject_message"),
};

const added = {
  requests: sql`sender_hour.requests + excluded.requests`,
  received: sql`sender_hour.received + excluded.received`,
  accepted: sql`sender_hour.accepted + excluded.accepted`,
  rejected: sql`sender_hour.rejected + excluded.rejected`,
  refused: sql`sender_hour.refused + excluded.refused`,
  bytes: sql`sender_hour.bytes + excluded.bytes`,
};
