import * as v from "valibot";
import { AlertInput, formats } from "./alert.ts";
import { Mapping } from "./mapping.ts";

export const TrySourceInput = v.object({
  /** What a detector would send: JSON, JSON lines or lines of a log. */
  sample: v.pipe(v.string(), v.minLength(1), v.maxLength(1024 * 1024)),
  /** Found out when neither it nor a mapping is given. */
  format: v.optional(v.picklist(["auto", ...formats]), "auto"),
  /** A mapping that need not be saved; wins over the format. */
  mapping: v.optional(Mapping),
});
export type TrySourceInput = v.InferOutput<typeof TrySourceInput>;

const count = v.pipe(v.number(), v.integer());

/** What intake would make of a sample; nothing of it is stored. The lists hold the first hundred. */
export const TrySourceAnswer = v.object({
  accepted: count,
  rejectedCount: count,
  alerts: v.array(
    v.object({
      index: count,
      format: v.string(),
      nativeSeverity: v.nullable(v.string()),
      alert: v.omit(AlertInput, ["raw"]),
    }),
  ),
  rejected: v.array(v.object({ index: count, code: v.string(), message: v.string() })),
});
export type TrySourceAnswer = v.InferOutput<typeof TrySourceAnswer>;
