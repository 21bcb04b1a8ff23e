import { eq } from "drizzle-orm";
import { credential } from "../../db/schema.ts";
import type { AccessContext } from "./access-context.ts";

/** Whether the credential a long request began with has neither ended nor been revoked since. */
export async function isStillValid({ db, clock, actor }: AccessContext): Promise<boolean> {
  // The administrator's token lives as long as the process.
  if (actor.credentialId === null) return true;
  const [row] = await db
    .select({ revokedAt: credential.revokedAt, expiresAt: credential.expiresAt })
    .from(credential)
    .where(eq(credential.id, actor.credentialId));
  return row !== undefined && row.revokedAt === null && row.expiresAt.getTime() > clock();
}
