import * as v from "valibot";
import { Limit } from "../../shared/queue.ts";

/** Of every list; the cursor is the `next` of the page before. */
export const PageQuery = v.object({ limit: Limit, cursor: v.optional(v.string()) });
