import type { Policy } from "../../shared/policy.ts";
import type { Clock } from "../clock.ts";
import type { Store } from "../db/client.ts";
import type { Hub } from "../live/hub.ts";
import { moveSilences } from "../services/silences/move-silences.ts";
import { sweepSilences } from "../services/silences/sweep-silences.ts";

/** Begins and ends silences at their time, and goes on with what was too much for one call. */
export async function keepSilences({
  store: { db },
  clock,
  hub,
  policy,
}: {
  store: Store;
  clock: Clock;
  hub: Hub;
  policy(): Policy;
}): Promise<void> {
  const now = clock();
  await moveSilences(db, new Date(now));
  if ((await sweepSilences({ db, policy: policy(), now })) > 0) hub.poke();
}
