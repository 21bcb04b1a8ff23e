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
/** Not every error of the system below has a code of its own: a file that may not grow is an internal error. */
const fileTrouble = /^could not [a-z ]+ file "/;
const unreachable =
  /^E(?:CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH|AWAY)$/;
/** The driver gives these no code. */
const broken = /^Connection terminated|^Client (?:has encountered|was closed)|^timeout exceeded when trying/;

/** Whether the store cannot serve anybody just now; the same may succeed later. */
export function isStoreFailure(error: unknown): boolean {
  const said = databaseError(error);
  if (said !== null) return unavailable.test(said.code ?? "") || fileTrouble.test(said.message);
  for (const one of causes(error)) {
    // A call over HTTP that failed, for the same reasons.
    if (one instanceof TypeError) return false;
    if ("code" in one && unreachable.test(String(one.code))) return true;
    if (broken.test(one.message)) return true;
  }
  return false;
}

/** By SQLSTATE, or its class. */
const words: Readonly<Record<string, string>> = {
  "53100": "has no space left on its disk",
  "53300": "has no connection free",
  "25006": "takes no writes",
  "57P03": "is starting",
  "53": "has not what it needs",
  "57": "is stopping",
  "58": "has trouble with its disk",
};

/** What is wrong with the store, as the end of a sentence; says nothing of where it is. */
export function describeFailure(error: unknown): string {
  const said = databaseError(error);
  const code = said?.code ?? "";
  if (said !== null && code !== "53100" && fileTrouble.test(said.message)) return `says: ${said.message}`;
  return words[code] ?? words[code.slice(0, 2)] ?? "does not answer";
}

/** The database said no, or was never asked; any other failure may hide a commit. */
export function isCommitExcluded(error: unknown): boolean {
  const said = databaseError(error);
  if (said !== null) return said.severity === "ERROR" || notAsked.test(said.code ?? "");
  for (const one of causes(error))
    if (
      ("code" in one && notAsked.test(String(one.code))) ||
      /when trying to connect|timeout$/.test(one.message)
    )
      return true;
  return false;
}

/** No room for a connection, no time for one, nobody there. */
const notAsked = /^(?:53300|57P03|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EAWAY)$/;

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
