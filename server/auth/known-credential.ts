import { eq } from "drizzle-orm";
import type { Actor } from "../context.ts";
import type { Queryable } from "../db/client.ts";
import { type CredentialKind, credential, person } from "../db/schema.ts";
import { personActor } from "./actors.ts";
import { roleOfScopes } from "./role-scopes.ts";

/** A credential of ours, valid or not, and whom it stands for. Times are epoch milliseconds. */
export interface KnownCredential {
  id: string;
  kind: CredentialKind;
  family: string | null;
  actor: Actor;
  expiresAt: number;
  revokedAt: number | null;
  lastUsedAt: number | null;
}

/** Reads what a hash stands for; null when it is none of ours. */
export async function findCredential(
  db: Pick<Queryable, "select">,
  hash: string,
): Promise<KnownCredential | null> {
  const [row] = await db
    .select({ held: credential, owner: person })
    .from(credential)
    .leftJoin(person, eq(person.id, credential.personId))
    .where(eq(credential.hash, hash));
  if (row === undefined) return null;
  const { held, owner } = row;
  if (held.personId !== null && owner === null) return null;
  return {
    id: held.id,
    kind: held.kind,
    family: held.family,
    actor: owner === null ? tokenActor(held) : personActor(owner, held.id),
    expiresAt: held.expiresAt.getTime(),
    revokedAt: held.revokedAt?.getTime() ?? null,
    lastUsedAt: held.lastUsedAt?.getTime() ?? null,
  };
}

function tokenActor(token: typeof credential.$inferSelect): Actor {
  const scopes = new Set(token.scopes);
  return {
    id: token.id,
    name: token.name,
    personId: null,
    role: roleOfScopes(scopes),
    scopes,
    environments: token.environments,
    services: token.services,
    severityCeiling: token.severityCeiling,
    credentialId: token.id,
  };
}
