import { and, inArray, type SQL } from "drizzle-orm";
import type { Actor } from "../context.ts";
import { item } from "../db/schema.ts";

/** What of the items an actor reaches; part of every query of them. Undefined is everything. */
export function inScope({ environments, services }: Actor): SQL | undefined {
  return and(
    environments === null ? undefined : inArray(item.environment, [...environments]),
    services === null ? undefined : inArray(item.service, [...services]),
  );
}
