import pg from "pg";

/** What the database said, also where a library wrapped it; null when it said nothing. */
export function databaseError(error: unknown): pg.DatabaseError | null {
  for (const one of causes(error)) if (one instanceof pg.DatabaseError) return one;
  return null;
}

function* causes(error: unknown): Generator<Error> {
  for (let one = error; one instanceof Error; one = one.cause) yield one;
}

/** Connections, resources, an operator's hand, the system below; and a database that only reads. */
const unavailable = /^(?:08|53|57|58)|^25006$/;
const unreachable = /^E[A-Z]+$/;
/** The driver gives these no code. */
const broken = /^Connection terminated|^Client (?:has encountered|was closed)|^timeout exceeded when trying/;

/** Whether the store cannot serve anybody just now; the same may succeed later. */
export function isStoreFailure(error: unknown): boolean {
  const said = databaseError(error);
  if (said !== null) return unavailable.test(said.code ?? "");
  for (const one of causes(error)) {
    if ("code" in one && unreachable.test(String(one.code))) return true;
    if (broken.test(one.message)) return true;
  }
  return false;
}

/** Cardinality, data, constraints, program limits, and what a function of the database raises. */
const refusal = /^(?:21|22|23|44|54|P0)/;
const faults = [TypeError, RangeError, SyntaxError, URIError];

/** Whether it is about what was to be stored: another try would fail the same way. */
export function isRefusal(error: unknown): boolean {
  const said = databaseError(error);
  if (said !== null) return refusal.test(said.code ?? "");
  for (const one of causes(error)) {
    if ("code" in one && /^Z_/.test(String(one.code))) return true;
    if (faults.some((fault) => one instanceof fault)) return true;
  }
  return false;
}
