import type { Severity } from "../../shared/alert.ts";
import type { Factor } from "../../shared/group.ts";
import type { Policy, ServicePolicy } from "../../shared/policy.ts";
import type { GroupState } from "./group-state.ts";
import { weightOf } from "./placement.ts";
import { threatOf } from "./threat.ts";
import { occurrencesLately, volumeOf } from "./volume.ts";

const severityPoints: Record<Severity, number> = { critical: 74, high: 52, medium: 34, low: 17, info: 5 };
const riskPoints: Record<ServicePolicy["risk"], number> = { LOW: -6, MEDIUM: 0, HIGH: 5, MAXIMUM: 10 };
const dayMs = 86_400_000;

export interface Score {
  /** 0 to 100, the sum of the factors within these bounds. */
  score: number;
  /** 1 to 5. */
  band: number;
  factors: Factor[];
}

/**
 * What a group is worth at `now`: severity, threat, service, volume and novelty add up, and the environment takes
 * its share of the whole.
 */
export function scoreGroup(group: GroupState, policy: Policy, now: number): Score {
  const factors = [
    severityFactor(group),
    threatFactor(group),
    serviceFactor(group, policy),
    volumeFactor(group, now),
    noveltyFactor(group, now),
  ].filter((factor) => factor !== null);
  const full = factors.reduce((sum, { points }) => sum + points, 0);
  factors.push(environmentFactor(group, policy, full));
  const sum = factors.reduce((total, { points }) => total + points, 0);
  const score = Math.min(100, Math.max(0, sum));
  return { score, band: bandOf(score, policy), factors: strongestFirst(factors) };
}

export function bandOf(score: number, { bands }: Policy): number {
  if (score >= bands.P1) return 1;
  if (score >= bands.P2) return 2;
  if (score >= bands.P3) return 3;
  return score >= bands.P4 ? 4 : 5;
}

function severityFactor({ severity, nativeSeverity, source }: GroupState): Factor {
  const said = nativeSeverity === null ? "" : ` (${source} says ${nativeSeverity})`;
  return { name: "severity", points: severityPoints[severity], because: `Severity is ${severity}${said}` };
}

function threatFactor({ techniques }: GroupState): Factor | null {
  const threat = threatOf(techniques);
  if (threat === null) return null;
  const because = `${threat.technique} is ${threat.tactic} in ATT&CK`;
  return { name: "threat", points: threat.points, because };
}

function serviceFactor({ service }: GroupState, { services }: Policy): Factor | null {
  const known = services.find(({ name }) => name === service);
  if (known === undefined || riskPoints[known.risk] === 0) return null;
  const because = `${known.name} carries ${known.risk} risk`;
  return { name: "service", points: riskPoints[known.risk], because };
}

function volumeFactor(group: GroupState, now: number): Factor | null {
  const { points, atLeast } = volumeOf(occurrencesLately(group, now));
  if (points === 0) return null;
  return { name: "volume", points, because: `At least ${atLeast.toLocaleString("en")} times in 24 hours` };
}

function noveltyFactor(
  { memory, source, rule, environment, firstSeen }: GroupState,
  now: number,
): Factor | null {
  if (memory.novelty === "none" || now - firstSeen >= dayMs) return null;
  if (memory.novelty === "detector") {
    return { name: "novelty", points: 6, because: `First time ever for ${source} / ${rule}` };
  }
  return { name: "novelty", points: 4, because: `First time for ${source} / ${rule} in ${environment}` };
}

function environmentFactor(group: GroupState, policy: Policy, full: number): Factor {
  const weight = weightOf(group.environment, policy);
  // Of nothing there is no share, not even a negative one.
  const points = Math.round(full * (weight - 1)) || 0;
  const share = weight === 1 ? "in full" : `${Math.round(weight * 100)} %`;
  const because = group.environmentMapped
    ? `${group.environment} counts ${share}`
    : `No rule maps its environment: it counts as production, ${share}`;
  return { name: "environment", points, because };
}

function strongestFirst(factors: Factor[]): Factor[] {
  return factors.sort((a, b) => Math.abs(b.points) - Math.abs(a.points) || a.name.localeCompare(b.name));
}
