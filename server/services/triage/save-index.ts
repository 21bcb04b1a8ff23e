import { uuidv7 } from "../../../shared/uuid.ts";
import type { Statement, Transaction } from "../../db/transaction.ts";
import { packIndex } from "./alert-index.ts";
import type { Outcome } from "./outcome.ts";

const insertIndex: Statement = {
  name: "insert-index",
  text: `
    insert into alert_index (id, seq_from, seq_to, received_from, received_to, detectors, bytes)
    values ($1, $2, $3, $4, $5, $6::text[], $7)`,
};

/** Says for every place of the chunks which group its alert went to; gives the id of the stretch. */
export async function saveIndex(db: Transaction, { chunks, touched }: Outcome): Promise<string> {
  const bytes = await packIndex({
    groups: touched.map(({ group }) => group.id),
    previous: touched.map(({ previousIndex }) => previousIndex),
    created: touched.filter(({ isNew }) => isNew).map(({ position }) => position),
    chunks: chunks.map(({ id, positions }) => ({ id, places: positions })),
  });
  const detectors = [...new Set(touched.map(({ group }) => `${group.source}/${group.rule}`))];
  const times = chunks.map(({ receivedAt }) => receivedAt);
  const id = uuidv7(Math.max(...times));
  await db.run(insertIndex, [
    id,
    chunks[0]?.seq,
    chunks.at(-1)?.seq,
    new Date(Math.min(...times)),
    new Date(Math.max(...times)),
    detectors,
    bytes,
  ]);
  return id;
}
