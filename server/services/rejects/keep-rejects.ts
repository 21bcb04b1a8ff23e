import { sql } from "drizzle-orm";
import { uuidv7 } from "../../../shared/uuid.ts";
import type { Deps } from "../../context.ts";
import { reject } from "../../db/intake-tables.ts";
import type { Refusal } from "../../observe/refusal-queue.ts";
import { storable } from "../storable.ts";
import { withoutSecrets } from "./without-secrets.ts";

type RejectRow = typeof reject.$inferInsert;

const mostPayload = 4_096;
const mostMessage = 500;
/** Of each sender and format so many are kept, the newest. */
export const mostOfSender = 100;

/** Writes what was refused since the last time. */
export async function keepRejects({ store, observe }: Pick<Deps, "store" | "observe">): Promise<void> {
  const rows = observe.refusals.take().flatMap(rowsOf);
  if (rows.length === 0) return;
  await store.db.insert(reject).values(rows);
  const actors = [...new Set(rows.map(({ actorId }) => actorId))];
  await store.db.execute(sql`
    delete from reject using (
      select id, row_number() over (partition by actor_id, format order by id desc) as place
      from reject where actor_id = any(${sql.param(actors)}::text[])
    ) as numbered
    where reject.id = numbered.id and numbered.place > ${mostOfSender}`);
}

function rowsOf(refusal: Refusal): RejectRow[] {
  const { at, actor, format, requestId } = refusal;
  const payloads = refusal.payloads();
  return refusal.parts.map(({ place, code, message, size }, i) => {
    const all = payloads[i] ?? Buffer.alloc(0);
    const whole = size ?? all.length;
    const shown = withoutSecrets(all.toString("utf8", 0, mostPayload));
    return {
      id: uuidv7(at),
      at: new Date(at),
      actorId: actor.id,
      actorName: storable(actor.name),
      environments: actor.environments === null ? null : [...actor.environments],
      services: actor.services === null ? null : [...actor.services],
      format,
      code,
      message: storable(withoutSecrets(message.slice(0, mostMessage))),
      place,
      payload: Buffer.from(shown),
      size: whole,
      isCut: whole > Math.min(all.length, mostPayload),
      requestId,
    };
  });
}
