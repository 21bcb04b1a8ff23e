import { desc } from "drizzle-orm";
import * as v from "valibot";
import { defaultPolicy, Policy } from "../../../shared/policy.ts";
import type { Queryable } from "../../db/client.ts";
import { policyVersion } from "../../db/schema.ts";

type Reading = Pick<Queryable, "select">;

/** The policy in force, and what takes up a newer version of it. */
export interface HeldPolicy {
  current(): Policy;
  /** Looks whether another version was saved, here or by another node. */
  refresh(): Promise<void>;
}

/**
 * Holds the newest version of the policy; `unstored`, else the one that ships with the program, while none was saved.
 * A version keeps its identity as an object until another one comes.
 */
export async function holdPolicy(db: Reading, unstored: Policy = defaultPolicy): Promise<HeldPolicy> {
  let current = unstored;
  let version = 0;
  const refresh = async () => {
    const newest = await newestVersion(db);
    if (newest <= version) return;
    const [row] = await db.select().from(policyVersion).orderBy(desc(policyVersion.version)).limit(1);
    if (row === undefined || row.version <= version) return;
    current = v.parse(Policy, row.document);
    version = row.version;
  };
  await refresh();
  return { current: () => current, refresh };
}

/** 0 while none was saved. */
export async function newestVersion(db: Reading): Promise<number> {
  const [row] = await db
    .select({ version: policyVersion.version })
    .from(policyVersion)
    .orderBy(desc(policyVersion.version))
    .limit(1);
  return row?.version ?? 0;
}
