import { sql } from "drizzle-orm";
import type { Role, ScopeName } from "../shared/access.ts";
import type { Severity } from "../shared/alert.ts";
import type { Policy } from "../shared/policy.ts";
import type { Clock } from "./clock.ts";
import type { Queryable, Store } from "./db/client.ts";
import type { Env } from "./env.ts";
import { NotAllowedError } from "./errors.ts";
import type { Intake } from "./intake/intake.ts";
import type { Hub } from "./live/hub.ts";
import type { Log } from "./log.ts";
import type { Observe } from "./observe/observe.ts";

/** What the process is made of; built once by `main` or a test. */
export interface Deps {
  store: Store;
  clock: Clock;
  hub: Hub;
  intake: Intake;
  log: Log;
  observe: Observe;
  env: Env;
  /** Reaches other servers; the addresses are the administrator's. */
  fetch: typeof fetch;
  /** The policy in force. */
  policy(): Policy;
  /** Takes up a version of the policy that was just saved. */
  refreshPolicy(): Promise<void>;
}

/** Who asks, and how far they reach. Null reaches everything. */
export interface Actor {
  id: string;
  /** Shown to people and written to the audit. */
  name: string;
  /** The person behind it, null for API tokens and the administrator's token. */
  personId: string | null;
  role: Role;
  scopes: ReadonlySet<ScopeName>;
  environments: readonly string[] | null;
  services: readonly string[] | null;
  severityCeiling: Severity | null;
  /** The credential it came with, so that signing out ends that one. */
  credentialId: string | null;
}

/** What every service verb works with. */
export interface Context {
  db: Queryable;
  clock: Clock;
  hub: Hub;
  actor: Actor;
  requestId: string;
  /** Set by a request with an `Idempotency-Key`. */
  idempotency: IdempotencyRequest | null;
  policy(): Policy;
}

/** A write that is done once however often it is sent: scoped to actor and route. */
export interface IdempotencyRequest {
  key: string;
  /** Method and path. */
  route: string;
  bodyHash: string;
}

/** @throws NotAllowedError */
export function requireScope(ctx: { actor: Actor }, scope: ScopeName): void {
  if (!ctx.actor.scopes.has(scope)) throw new NotAllowedError(`this needs the scope ${scope}`);
}

/**
 * The next change sequence. The row stays locked until the transaction ends, so sequences become visible in
 * commit order and a stream that read up to one has missed none below it; take it last.
 */
export async function nextChange(db: Pick<Queryable, "execute">): Promise<number> {
  const { rows } = await db.execute(sql`
    update clock set seq = seq + 1 where name = 'live' returning seq, pg_notify('quietwatch_live', '')`);
  return Number(rows[0]?.seq);
}
