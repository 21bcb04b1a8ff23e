import { uuidv7 } from "../../../shared/uuid.ts";
import type { Context } from "../../context.ts";
import { audit } from "../../db/schema.ts";

interface AuditEntry {
  verb: string;
  itemId?: string;
  actionId?: string;
  details: Record<string, unknown>;
}

/** Writes what the actor did; call it in the transaction of what it tells of. */
export async function writeAudit(
  ctx: Pick<Context, "db" | "clock" | "actor" | "requestId">,
  ...entries: AuditEntry[]
): Promise<void> {
  const { db, clock, actor, requestId } = ctx;
  const now = clock();
  if (entries.length === 0) return;
  await db.insert(audit).values(
    entries.map((entry) => ({
      id: uuidv7(now),
      at: new Date(now),
      actorId: actor.id,
      actorName: actor.name,
      requestId,
      ...entry,
    })),
  );
}
