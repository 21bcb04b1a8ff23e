import type { Actor, Context, Deps } from "../context.ts";

type ContextDeps = Pick<Deps, "store" | "clock" | "hub" | "policy">;

/** The context of one request. */
export function requestContext(deps: ContextDeps, actor: Actor, requestId: string): Context {
  const { store, clock, hub, policy } = deps;
  return { db: store.db, clock, hub, policy, actor, requestId, idempotency: null };
}
