import { uuidv7 } from "../../../shared/uuid.ts";
import { hashSecret, newSecret } from "../../auth/secret.ts";
import { credential } from "../../db/schema.ts";
import type { AccessContext } from "./access-context.ts";

type Row = typeof credential.$inferSelect;
type NewCredential = Pick<Row, "kind" | "name" | "personId" | "createdBy"> &
  Partial<Pick<Row, "scopes" | "environments" | "services" | "severityCeiling" | "family">>;

/**
 * Gives out a new secret, `lifetime` in milliseconds. A person's credentials carry no scopes of their own: what
 * a person may do follows from the role, read at each use.
 */
export async function insertCredential(
  ctx: AccessContext,
  given: NewCredential,
  lifetime: number,
): Promise<{ secret: string; row: Row }> {
  const now = ctx.clock();
  const secret = newSecret(given.kind);
  const row: Row = {
    scopes: [],
    environments: null,
    services: null,
    severityCeiling: null,
    family: null,
    ...given,
    id: uuidv7(now),
    hash: hashSecret(secret),
    createdAt: new Date(now),
    expiresAt: new Date(now + lifetime),
    lastUsedAt: null,
    revokedAt: null,
    replacedAt: null,
  };
  await ctx.db.insert(credential).values(row);
  return { secret, row };
}
