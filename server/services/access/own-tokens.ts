import { and, arrayContained, eq, isNotNull, type SQL } from "drizzle-orm";
import type { Actor } from "../../context.ts";
import { credential } from "../../db/schema.ts";

/** API tokens that reach no further than the actor; others are as good as not there. */
export function tokensInReachOf(actor: Actor): SQL | undefined {
  const { environments, services } = actor;
  return and(
    eq(credential.kind, "api"),
    environments === null ? undefined : inside(credential.environments, environments),
    services === null ? undefined : inside(credential.services, services),
  );
}

function inside(
  column: typeof credential.environments | typeof credential.services,
  own: readonly string[],
): SQL | undefined {
  return and(isNotNull(column), arrayContained(column, [...own]));
}
