import * as v from "valibot";
import { chunkOfAlert, timeOfUuid } from "../../../shared/uuid.ts";
import { type Context, requireScope } from "../../context.ts";
import type { Store } from "../../db/client.ts";
import { NotFoundError } from "../../errors.ts";
import { readPlace } from "../../intake/entry.ts";
import { readChunks } from "../../intake/log.ts";
import { groupOfAlert } from "../alerts/show-alert.ts";
import { type AskedRow, findAsked } from "./asked-actions.ts";

const Id = v.pipe(v.string(), v.uuid(), v.toLowerCase());

export type Asked = Pick<AskedRow, "action" | "at" | "alias" | "itemId" | "isDone" | "outcome">;

/**
 * What came of a request of this actor: an action it asked for, or an alert it sent.
 * @throws NotFoundError also while the alert is not triaged
 */
export async function showAsked(ctx: Context, store: Store, text: string): Promise<Asked> {
  requireScope(ctx, "alerts:write");
  const id = v.safeParse(Id, text);
  const asked = id.success
    ? ((await findAsked(ctx, id.output)) ?? (await sentAlert(ctx, store, id.output)))
    : null;
  if (asked === null) throw new NotFoundError("the request");
  return asked;
}

async function sentAlert(ctx: Context, store: Store, id: string): Promise<Asked | null> {
  const { chunk, place } = chunkOfAlert(id);
  const entries = (await readChunks(store.pool, [chunk])).get(chunk);
  const entry = entries?.find(({ base, places }) => place >= base && place < base + places);
  if (entry === undefined || entry.header.actorId !== ctx.actor.id) return null;
  const itemId = await groupOfAlert(ctx, id);
  const reading = readPlace(entry, place - entry.base);
  if (itemId === null || reading === null) return null;
  const alias = reading.alert.labels?.alias ?? itemId;
  const at = new Date(timeOfUuid(id));
  return { action: "Create", at, alias, itemId, isDone: true, outcome: "Created alert" };
}
