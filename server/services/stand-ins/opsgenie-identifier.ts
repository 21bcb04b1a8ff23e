import { and, eq } from "drizzle-orm";
import * as v from "valibot";
import { opsgenieIdentity } from "../../adapters/opsgenie.ts";
import type { Context } from "../../context.ts";
import { item } from "../../db/schema.ts";
import { groupOfAlert } from "../alerts/show-alert.ts";
import { fingerprintOf, groupOfKey } from "../groups/group-of-key.ts";
import { inScope } from "../scope.ts";

export const identifierTypes = ["id", "tiny", "alias"] as const;

/** How a client of Opsgenie names an alert; we give out no `tiny` ids, so none has one. */
export interface Identifier {
  type: (typeof identifierTypes)[number];
  text: string;
}

/** What an identifier stands for, within reach; the alias is null where the sender gave none that is kept whole. */
export interface Named {
  id: string;
  alias: string | null;
}

export const opsgenieKey = (alias: string) => ({ source: "opsgenie", dedupKey: opsgenieIdentity(alias) });

const Id = v.pipe(v.string(), v.uuid(), v.toLowerCase());

/** `reach` is that of `groupOfKey`; an id is always looked for within the own one. */
export async function findNamed(
  ctx: Context,
  { type, text }: Identifier,
  reach: "any" | "own",
): Promise<Named | null> {
  if (type === "alias") {
    const group = await groupOfKey(ctx, opsgenieKey(text), reach);
    return group && { id: group.id, alias: text };
  }
  const id = v.safeParse(Id, text);
  return type === "tiny" || !id.success ? null : findById(ctx, id.output);
}

async function findById(ctx: Context, text: string): Promise<Named | null> {
  const id = (await groupOfAlert(ctx, text)) ?? text;
  const [row] = await ctx.db
    .select({ fingerprint: item.fingerprint, labels: item.labels })
    .from(item)
    .where(and(eq(item.id, id), inScope(ctx.actor)));
  if (row === undefined) return null;
  const alias = row.labels.alias ?? null;
  // A long alias is cut in its label, and a group of another sender may have a label of that name.
  const isWhole = alias !== null && fingerprintOf(opsgenieKey(alias)) === row.fingerprint;
  return { id, alias: isWhole ? alias : null };
}
