import { limits } from "../../shared/alert.ts";

/** A list as it is, one value as a list of it, nothing as an empty one. */
export function asList(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/**
 * No more records than a request may hold and one, upon which intake refuses the whole: a body of a few bytes for each
 * of millions of records would else become millions of readings first.
 */
export function fewRecords(records: readonly unknown[]): unknown[] {
  return records.slice(0, limits.alertsPerRequest + 1);
}
