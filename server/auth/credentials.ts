import { and, eq, isNull, lte, or } from "drizzle-orm";
import type { Deps } from "../context.ts";
import type { Store } from "../db/client.ts";
import { credential } from "../db/schema.ts";
import { findCredential, type KnownCredential } from "./known-credential.ts";
import { hashSecret } from "./secret.ts";

/** Looks credentials up, from memory where it did so a moment ago: detectors post thousands of times a second. */
export interface Credentials {
  find(secret: string): Promise<KnownCredential | null>;
  /** Notes that it was used, at most once a minute, and never keeps the request waiting. */
  noteUse(known: KnownCredential): void;
  /** Call after the commit that revoked these credentials or families. */
  forget(ids: readonly string[]): void;
}

type CredentialDeps = Pick<Deps, "store" | "clock" | "log">;

const freshMs = 5_000;
const most = 1_000;
const useEveryMs = 60_000;

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= most) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}

function createCredentials({ store, clock, log }: CredentialDeps): Credentials {
  const remembered = new Map<string, { known: KnownCredential; readAt: number }>();
  const underway = new Map<string, Promise<KnownCredential | null>>();
  // A look-up that began before a revocation may end after it, with the row as it was.
  const revoked = new Map<string, number>();

  async function read(hash: string): Promise<KnownCredential | null> {
    const readAt = clock();
    const known = await findCredential(store.db, hash).finally(() => underway.delete(hash));
    if (known !== null) keep(remembered, hash, { known, readAt });
    return known;
  }

  async function recall(hash: string): Promise<KnownCredential | null> {
    const entry = remembered.get(hash);
    if (entry !== undefined && clock() - entry.readAt < freshMs) return entry.known;
    const waiting = underway.get(hash) ?? read(hash);
    underway.set(hash, waiting);
    return waiting;
  }

  return {
    find: async (secret) => {
      const known = await recall(hashSecret(secret));
      if (known === null) return null;
      const revokedAt =
        revoked.get(known.id) ?? (known.family === null ? undefined : revoked.get(known.family));
      return revokedAt === undefined ? known : { ...known, revokedAt };
    },
    noteUse: (known) => {
      const now = clock();
      if (known.lastUsedAt !== null && now - known.lastUsedAt < useEveryMs) return;
      known.lastUsedAt = now;
      writeUse(store, known.id, now).catch((error) =>
        log("warn", "auth.use.unwritten", { credential: known.id, reason: String(error) }),
      );
    },
    forget: (ids) => {
      for (const id of ids) keep(revoked, id, clock());
    },
  };
}

async function writeUse(store: Store, id: string, now: number): Promise<void> {
  const due = or(isNull(credential.lastUsedAt), lte(credential.lastUsedAt, new Date(now - useEveryMs)));
  await store.db
    .update(credential)
    .set({ lastUsedAt: new Date(now) })
    .where(and(eq(credential.id, id), due));
}

const byStore = new WeakMap<Store, Credentials>();

/** The one memory of a store, so that whoever revokes reaches every guard. */
export function credentialsOf(deps: CredentialDeps): Credentials {
  const known = byStore.get(deps.store) ?? createCredentials(deps);
  byStore.set(deps.store, known);
  return known;
}
