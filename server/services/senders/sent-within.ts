import { and, type SQL, sql } from "drizzle-orm";
import type { Actor } from "../../context.ts";
import type { reject, sender } from "../../db/intake-tables.ts";

type Sent = Pick<typeof reject | typeof sender, "environments" | "services">;

/**
 * What came from senders that reach no further than the actor does: nobody knows to which environment a payload
 * belongs that could not be read. Undefined is everything.
 */
export function sentWithin({ environments, services }: Actor, from: Sent): SQL | undefined {
  return and(
    environments === null ? undefined : sql`${from.environments} <@ ${sql.param([...environments])}::text[]`,
    services === null ? undefined : sql`${from.services} <@ ${sql.param([...services])}::text[]`,
  );
}
