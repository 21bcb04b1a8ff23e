import { asc, desc, inArray } from "drizzle-orm";
import type { Policy } from "../../../shared/policy.ts";
import type { Context } from "../../context.ts";
import type { Queryable } from "../../db/client.ts";
import { silence } from "../../db/silence-tables.ts";
import { hideExisting } from "./hide-existing.ts";
import { showAgain } from "./show-again.ts";

export interface SweepParts {
  db: Queryable;
  policy: Policy;
  now: number;
}

/** A call begins no page after this; whoever asked waits for no more, the job does the rest. */
const longestMs = 2_000;
const mostAtOnce = 20;

/**
 * Makes what silences mean true of the groups that are there, in bounded steps: first hides, then shows what no other
 * silence hides, the newest first. Returns how many steps there were.
 */
export async function sweepSilences({ db, policy, now }: SweepParts): Promise<number> {
  const due = await db
    .select({ id: silence.id, phase: silence.phase })
    .from(silence)
    .where(inArray(silence.phase, ["hiding", "showing"]))
    .orderBy(asc(silence.phase), desc(silence.id))
    .limit(mostAtOnce);
  const end = performance.now() + longestMs;
  let pages = 0;
  for (const { id, phase } of due) {
    const step = phase === "hiding" ? hideExisting : showAgain;
    for (let isMore = true; isMore && performance.now() < end; pages += 1) {
      isMore = await step(db, { id, policy, now });
    }
  }
  return pages;
}

/** For the verbs: what somebody just decided shows at once. */
export async function sweepNow({ db, policy, clock, hub }: Context): Promise<void> {
  if ((await sweepSilences({ db, policy: policy(), now: clock() })) > 0) hub.poke();
}
