import { and, eq } from "drizzle-orm";
import type { Context } from "../../context.ts";
import { item } from "../../db/schema.ts";
import { OverloadedError } from "../../errors.ts";
import { fingerprint } from "../../triage/fingerprint.ts";
import { catchUp } from "../alerts/catch-up.ts";
import { inScope } from "../scope.ts";
import type { ItemRow } from "./item-of.ts";

/** A sender's own name for a group: its format and the `dedupKey` its adapter makes of what it says. */
export interface SenderKey {
  source: string;
  dedupKey: string;
}

export type KeyedGroup = Pick<ItemRow, "id" | "status" | "cleared">;

const waitMs = 5_000;
const nowhere = { environment: "", mapped: false, because: "", service: null };

/**
 * The group that a sender's key stands for, as it is once triage has seen all that came before; null when there is
 * none. `reach` is `any` for a sender's word on what it sent, which the policy may have placed beyond its reach.
 * A policy whose `identityLabels` take part in identity cannot be followed here: a key names no labels.
 * @throws OverloadedError when triage is so far behind that nobody can say
 */
export async function groupOfKey(
  ctx: Context,
  key: SenderKey,
  reach: "any" | "own",
): Promise<KeyedGroup | null> {
  if (!(await catchUp(ctx, waitMs))) {
    throw new OverloadedError("alerts that came before are not triaged yet; send again later", 5);
  }
  const [group] = await ctx.db
    .select({ id: item.id, status: item.status, cleared: item.cleared })
    .from(item)
    .where(and(eq(item.fingerprint, fingerprintOf(key)), reach === "own" ? inScope(ctx.actor) : undefined));
  return group ?? null;
}

export function fingerprintOf(key: SenderKey): string {
  return fingerprint({ ...key, rule: "", title: "", severity: "info" }, nowhere, []);
}
