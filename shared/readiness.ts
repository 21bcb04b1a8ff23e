import * as v from "valibot";

export const Check = v.object({
  ok: v.boolean(),
  /** A sentence for whoever is on call; nothing that strangers should not know. */
  says: v.string(),
});
export type Check = v.InferOutput<typeof Check>;

export const TriageCheck = v.object({
  ...Check.entries,
  /** Alerts committed and not triaged, as far as this node knows. */
  backlog: v.number(),
  /** When the newest alert that is triaged was received; null while there is none or nobody can tell. */
  triagedUpTo: v.nullable(v.string()),
  /** Alerts that could not be triaged and were set aside; null while nobody can tell. */
  setAside: v.nullable(v.number()),
});
export type TriageCheck = v.InferOutput<typeof TriageCheck>;

/** Whether a node can take alerts, and what stands in the way. */
export const Readiness = v.object({
  status: v.picklist(["ready", "not ready"]),
  checks: v.object({ store: Check, log: Check, triage: TriageCheck, disk: Check }),
});
export type Readiness = v.InferOutput<typeof Readiness>;
