import { asc, eq, inArray } from "drizzle-orm";
import type { Queryable, Store } from "../../db/client.ts";
import { clock } from "../../db/schema.ts";
import { silence } from "../../db/silence-tables.ts";
import { createSilencer, type Silencer } from "../../triage/silence.ts";

/** The silences that are active, compiled, and the number of the change that made them so. */
export interface ActiveSilences {
  seq: number;
  silencer: Silencer | null;
}

/** With `hold` none becomes active or ends before the caller's transaction does. */
export async function loadSilencer(
  db: Queryable,
  { hold = false }: { hold?: boolean } = {},
): Promise<ActiveSilences> {
  const counter = db.select({ seq: clock.seq }).from(clock).where(eq(clock.name, "silences"));
  // Read first: what changes in between makes the next look at the number load again.
  const [row] = await (hold ? counter.for("share") : counter);
  const rules = await db
    .select()
    .from(silence)
    .where(inArray(silence.phase, ["hiding", "active"]))
    .orderBy(asc(silence.id));
  return { seq: row?.seq ?? 0, silencer: createSilencer(rules) };
}

/** Remembers the active silences, so that they are read and compiled once a change and not once a turn. */
export interface SilenceMemory {
  current(): Promise<ActiveSilences>;
  /** They changed: the next `current` reads them again. */
  forget(): void;
}

const byStore = new WeakMap<Store, SilenceMemory>();

/** The one memory of a store; whoever relies on it checks the number in the transaction that writes. */
export function silencesOf(store: Store): SilenceMemory {
  const known = byStore.get(store) ?? createMemory(store);
  byStore.set(store, known);
  return known;
}

function createMemory({ db }: Store): SilenceMemory {
  let loading: Promise<ActiveSilences> | null = null;
  return {
    current: () => {
      loading ??= loadSilencer(db).catch((error: unknown) => {
        loading = null;
        throw error;
      });
      return loading;
    },
    forget: () => {
      loading = null;
    },
  };
}
