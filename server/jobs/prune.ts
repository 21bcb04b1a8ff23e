import { and, isNotNull, lt } from "drizzle-orm";
import type { Clock } from "../clock.ts";
import type { Store } from "../db/client.ts";
import { credential, idempotency, pairing, signInLink } from "../db/schema.ts";
import { askedAction, change, heartbeat } from "../db/sender-tables.ts";

const dayMs = 86_400_000;

/**
 * Removes what has served its time: kept answers after a day, credentials a month after their end, detectors that
 * were not heard of for a quarter, changes a year after their end.
 */
export async function prune({ store: { db }, clock }: { store: Store; clock: Clock }): Promise<void> {
  const ago = (ms: number) => new Date(clock() - ms);
  await db.delete(idempotency).where(lt(idempotency.createdAt, ago(dayMs)));
  await db.delete(pairing).where(lt(pairing.expiresAt, ago(dayMs)));
  await db
    .delete(signInLink)
    .where(and(isNotNull(signInLink.expiresAt), lt(signInLink.expiresAt, ago(dayMs))));
  await db.delete(credential).where(lt(credential.expiresAt, ago(30 * dayMs)));
  await db.delete(askedAction).where(lt(askedAction.at, ago(dayMs)));
  await db.delete(heartbeat).where(lt(heartbeat.lastSeen, ago(90 * dayMs)));
  await db.delete(change).where(lt(change.endsAt, ago(365 * dayMs)));
}
