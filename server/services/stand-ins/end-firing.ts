import { type Context, requireScope } from "../../context.ts";
import type { Intake } from "../../intake/intake.ts";
import { type AlertsRequest, acceptAlerts } from "../alerts/accept-alerts.ts";
import { groupOfKey, type SenderKey } from "../groups/group-of-key.ts";

/**
 * Takes a sender's word that what it knows by this key is over, through the log like every alert. Where nothing of
 * it fires the word is dropped, as those do who are stood in for.
 * @returns the group that it ended, and the place of the word in the log; null when nothing fired
 */
export async function endFiring(
  ctx: Context,
  intake: Intake,
  key: SenderKey,
  request: AlertsRequest,
): Promise<{ group: string; receipt: string } | null> {
  requireScope(ctx, "alerts:write");
  const group = await groupOfKey(ctx, key, "any");
  if (group === null || group.cleared) return null;
  const { receipt } = await acceptAlerts(ctx, intake, request);
  return { group: group.id, receipt };
}
