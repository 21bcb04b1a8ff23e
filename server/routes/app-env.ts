import type { Actor, Context } from "../context.ts";

/** What middleware puts on a request. `actor` and `ctx` are there behind the guard only. */
export interface AppEnv {
  Variables: {
    requestId: string;
    actor: Actor;
    ctx: Context;
    /** Where an answer says how long it took. */
    startedAt?: number;
  };
}
