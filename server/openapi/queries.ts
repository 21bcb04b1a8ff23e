import * as v from "valibot";
import { Time } from "../../shared/alert.ts";
import { Limit } from "../../shared/queue.ts";

/** Of every list; the cursor is the `next` of the page before. */
export const PageQuery = v.object({ limit: Limit, cursor: v.optional(v.string()) });

/** Of `GET /export/all.ndjson`. */
export const ExportAllQuery = v.object({ credentials: v.optional(v.picklist(["true", "false"]), "false") });

/** Of `GET /export/alerts.ndjson`. */
export const ExportAlertsQuery = v.object({ from: v.optional(Time), to: v.optional(Time) });
