import { formats } from "../../shared/alert.ts";
import { UsageError } from "./verb.ts";

/** Where alerts of a format go, below `/api/v1`; `auto` lets the server find it out. @throws UsageError */
export function intakePath(format: string): string {
  if (format === "alert") return "/alerts";
  if (format === "auto") return "/ingest";
  if (formats.some((known) => known === format)) return `/ingest/${format}`;
  throw new UsageError(`no format is named ${format.slice(0, 64)}`);
}
