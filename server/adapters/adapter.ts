import type { Alert, Format } from "../../shared/alert.ts";
import type { FailureCode } from "../../shared/failure.ts";

export interface Reject {
  code: FailureCode;
  message: string;
}

/** What came of one part of a record; adapters return rejects, they never throw. */
export type Reading = { alert: Alert; reject?: never } | { reject: Reject; alert?: never };

/**
 * Turns one native record (an array element, an NDJSON line, a whole object) into alerts. Pure: no clock, no
 * configuration, the same record always gives the same readings, because originals are read again later.
 */
export interface Adapter {
  readonly format: Format;
  /** True when the record can only be this format; used by `POST /ingest` without a format. */
  recognises(record: unknown): boolean;
  /**
   * One reading for each alert the record holds, in the record's order. `textIsClean` (see well-formed.ts) is what
   * the caller knows of the whole body.
   */
  read(record: unknown, textIsClean?: boolean): Reading[];
  /**
   * Only log formats have it: where the records of a plain text stand, `[from, to)`, in order. `recognises` and `read`
   * take such a stretch as a string. Cut again, a stretch is one record, the whole of it; lines that belong to no
   * record are a stretch too, which `read` rejects.
   */
  readonly textRecords?: (text: string) => [number, number][];
}
