import * as v from "valibot";
import { Link, limits, Time } from "./alert.ts";

const named = (longest: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(longest));

/** How long a change lasts that does not say until when. */
export const defaultChangeMs = 3_600_000;
export const longestChangeMs = 31 * 86_400_000;

/** A deploy or maintenance as somebody announces it. */
export const ChangeInput = v.object({
  title: named(limits.title),
  environment: v.optional(named(limits.environment)),
  service: v.optional(named(limits.service)),
  startsAt: v.optional(Time),
  endsAt: v.optional(Time),
  links: v.optional(v.pipe(v.array(Link), v.maxLength(limits.links)), []),
  source: v.optional(named(limits.source)),
  details: v.optional(
    v.pipe(
      v.record(named(limits.labelName), v.pipe(v.string(), v.maxLength(limits.labelValue))),
      v.check((details) => Object.keys(details).length <= limits.labels, `at most ${limits.labels} details`),
    ),
    {},
  ),
});
export type ChangeInput = v.InferOutput<typeof ChangeInput>;

/** Times are RFC 3339 UTC. */
export interface Change {
  id: string;
  title: string;
  /** Null is every environment; so it is with the service. */
  environment: string | null;
  service: string | null;
  startsAt: string;
  endsAt: string;
  links: Link[];
  source: string | null;
  details: Record<string, string>;
  announcedBy: string;
  announcedAt: string;
}
