import { isNotNull } from "drizzle-orm";
import type { Queryable } from "../../db/client.ts";
import { person } from "../../db/schema.ts";

export async function hasAnyoneSignedIn(db: Pick<Queryable, "select">): Promise<boolean> {
  const rows = await db.select({ id: person.id }).from(person).where(isNotNull(person.lastSignInAt)).limit(1);
  return rows.length > 0;
}
