import { desc } from "drizzle-orm";
import * as v from "valibot";
import { defaultPolicy, Policy } from "../../../shared/policy.ts";
import type { Queryable } from "../../db/client.ts";
import { policyVersion } from "../../db/schema.ts";

/** The newest version of the policy, or the one that ships with the program. */
export async function loadPolicy(db: Pick<Queryable, "select">): Promise<Policy> {
  const [newest] = await db.select().from(policyVersion).orderBy(desc(policyVersion.version)).limit(1);
  return newest === undefined ? defaultPolicy : v.parse(Policy, newest.document);
}
