import fc from "fast-check";
import * as v from "valibot";
import type { GroupState, Novelty } from "../../server/triage/group-state.ts";
import { createPreparer, type Prepared } from "../../server/triage/prepare.ts";
import { type Decision, type Knowledge, run } from "../../server/triage/run.ts";
import type { Silencer } from "../../server/triage/silence.ts";
import type { Alert, Severity } from "../../shared/alert.ts";
import { defaultPolicy, Policy, type PolicyInput } from "../../shared/policy.ts";

export const noon = Date.UTC(2026, 10, 23, 12);
export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

export function alertOf(change: Partial<Alert> = {}): Alert {
  return { source: "edge", rule: "r1", title: "A title", severity: "high", ...change };
}

export function policyOf(change: Partial<PolicyInput> = {}): Policy {
  return v.parse(Policy, { ...defaultPolicy, ...change });
}

/** Any character but half a pair; quick to make, unlike the library's own. */
export const character = fc
  .integer({ min: 0, max: 0x10ffff - 0x800 })
  .map((code) => String.fromCodePoint(code < 0xd800 ? code : code + 0x800));

interface Circumstances {
  at?: number;
  ceiling?: Severity | null;
  policy?: Policy;
}

export function prepared(change: Partial<Alert> = {}, given: Circumstances = {}): Prepared {
  const { at = noon, ceiling = null, policy = defaultPolicy } = given;
  return createPreparer(policy)({ alert: alertOf(change), receivedAt: at, ceiling });
}

/** Detectors that were asked about, so that the first of each is new. */
export function noveltyMemory(): (one: Prepared) => Novelty {
  const known = new Set<string>();
  return ({ alert: { source, rule }, placement: { environment } }) => {
    const detector = JSON.stringify([source, rule]);
    const place = JSON.stringify([source, rule, environment]);
    const isKnownHere = known.has(place);
    const isKnown = known.has(detector);
    known.add(detector).add(place);
    if (!isKnown) return "detector";
    return isKnownHere ? "none" : "environment";
  };
}

export interface Triage {
  /** Triages one alert; the decision holds the live group. */
  send(alert?: Partial<Alert>, given?: Circumstances): Decision;
  readonly groups: Map<string, GroupState>;
}

/** Triage over memory alone: every group by its fingerprint. */
export function createTriage(
  policy: Policy = defaultPolicy,
  novelty?: Novelty,
  silencer: Silencer | null = null,
): Triage {
  const groups = new Map<string, GroupState>();
  const knowledge: Knowledge = {
    policy,
    silencer,
    noveltyOf: novelty === undefined ? noveltyMemory() : () => novelty,
    newId: () => `group-${groups.size + 1}`,
  };
  return {
    groups,
    send: (alert = {}, given = {}) => {
      const one = prepared(alert, { policy, ...given });
      const decision = run(groups.get(one.fingerprint), one, knowledge);
      groups.set(one.fingerprint, decision.group);
      return decision;
    },
  };
}

/** As a person would close it. */
export function resolveAs(group: GroupState, verdict: NonNullable<GroupState["verdict"]>, at: number): void {
  Object.assign(group, {
    status: "resolved",
    verdict,
    resolvedAt: at,
    resolvedBy: "Ana",
    judgedScore: group.score,
    judgedEntities: group.entityCount,
  } satisfies Partial<GroupState>);
}

export const events = ({ turns }: Decision): string[] => turns.map(({ event }) => event);
