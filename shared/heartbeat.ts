import * as v from "valibot";
import { limits } from "./alert.ts";
import { durationPattern, parseDuration } from "./duration.ts";

const minuteMs = 60_000;

/** Expected of a detector that says nothing else; Opsgenie's own default. */
export const defaultIntervalMs = 10 * minuteMs;
export const shortestIntervalMs = 10_000;
export const longestIntervalMs = 31 * 24 * 60 * minuteMs;

/** A detector is silent, and worth an item, once its interval passed so often. */
export const silentIntervals = 3;

const named = (longest: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(longest));

export const DetectorName = named(limits.source);

export const HeartbeatInput = v.object({
  interval: v.optional(
    v.pipe(
      v.string(),
      v.regex(durationPattern, "a duration such as 5m or 1d"),
      v.check(isInterval, "a duration from 10s to 31d"),
    ),
  ),
  environment: v.optional(named(limits.environment)),
  service: v.optional(named(limits.service)),
});
export type HeartbeatInput = v.InferOutput<typeof HeartbeatInput>;

function isInterval(text: string): boolean {
  const ms = parseDuration(text) ?? 0;
  return ms >= shortestIntervalMs && ms <= longestIntervalMs;
}

/** What is known of a detector that says that it lives. Times are RFC 3339 UTC. */
export interface Heartbeat {
  id: string;
  detector: string;
  environment: string | null;
  service: string | null;
  tags: string[];
  intervalSeconds: number;
  firstSeen: string;
  lastSeen: string;
  /** More than one interval went by since the last one. */
  late: boolean;
  /** The last sign of life before an alert said that there are none; null while it lives. */
  silentSince: string | null;
  /** Whose token the last one came with. */
  sentBy: string;
}
