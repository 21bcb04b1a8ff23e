import * as v from "valibot";
import { Time } from "./alert.ts";

export const ReportQuery = v.object({
  from: v.optional(Time),
  to: v.optional(Time),
  environment: v.optional(v.string()),
  service: v.optional(v.string()),
});
export type ReportQuery = v.InferOutput<typeof ReportQuery>;

/** `GET /reports/funnel`: where alerts went between `from` and `to`. */
export interface FunnelReport {
  from: string;
  to: string;
  /** Alerts accepted. */
  received: number;
  /** Groups that got at least one alert. */
  groups: number;
  /** Times a group came before a person (newly P1 to P3 and not hidden, back, or raised). */
  shown: number;
  /** Groups a person acknowledged, resolved, snoozed or annotated. */
  acted: number;
  /** Groups resolved as a true positive. */
  real: number;
  /** Groups hidden now in this scope. */
  hidden: number;
}

/** `GET /reports/grid`: open groups by environment and severity. */
export interface GridReport {
  rows: {
    environment: string;
    /** False when no match rule of the policy named it; counted as production. */
    mapped: boolean;
    critical: number;
    high: number;
    medium: number;
    low: number;
    info: number;
    hidden: number;
  }[];
}
