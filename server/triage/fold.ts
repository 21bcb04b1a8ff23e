import { type Entity, limits } from "../../shared/alert.ts";
import { severityRank } from "../../shared/policy.ts";
import { entityKey } from "./entity-key.ts";
import { foldFiring, isHeartbeat, nextLapse } from "./firing.ts";
import type { GroupState, Novelty } from "./group-state.ts";
import type { Prepared } from "./prepare.ts";
import { countOccurrence } from "./volume.ts";

const mostMoreEntities = 1_024;

/** A group that has seen no alert yet; `fold` gives it its first. */
export function newGroup(prepared: Prepared, id: string, novelty: Novelty): GroupState {
  const { alert, placement, receivedAt } = prepared;
  return {
    id,
    fingerprint: prepared.fingerprint,
    version: 1,
    title: alert.title,
    source: alert.source,
    rule: alert.rule,
    severity: prepared.severity,
    nativeSeverity: null,
    environment: placement.environment,
    environmentMapped: placement.mapped,
    environmentBecause: placement.because,
    service: placement.service,
    band: 5,
    score: 0,
    factors: [],
    status: "open",
    cleared: false,
    hidden: null,
    episode: 1,
    count: 0,
    occurrences: 0,
    entityCount: 0,
    entities: [],
    firstSeen: receivedAt,
    lastSeen: receivedAt,
    occurredAt: prepared.occurredAt,
    acknowledgedBy: null,
    acknowledgedAt: null,
    snoozedUntil: null,
    snoozedUntilChange: false,
    verdict: null,
    resolvedBy: null,
    resolvedAt: null,
    judgedScore: null,
    judgedEntities: null,
    firingUntil: null,
    techniques: [],
    runbookUrl: null,
    description: null,
    labels: {},
    links: [],
    memory: { hours: {}, firing: {}, moreEntities: [], novelty },
  };
}

/** Counts one alert into its group: the facts, not yet what they mean. Changes `group`. */
export function fold(group: GroupState, prepared: Prepared): void {
  const { alert, receivedAt } = prepared;
  group.count += 1;
  group.lastSeen = Math.max(group.lastSeen, receivedAt);
  group.occurredAt = Math.max(group.occurredAt, prepared.occurredAt);
  if (alert.status !== "resolved" && !isHeartbeat(group, alert)) countOccurrence(group, receivedAt);
  foldFiring(group, alert, receivedAt);
  group.firingUntil = nextLapse(group.memory.firing);
  foldSeverity(group, prepared);
  addEntities(group, prepared.entities);
  if (alert.hints?.onlyEnds !== true) describe(group, prepared);
}

/** A group is as severe as the worst of its alerts, and keeps that one's own word for it. */
function foldSeverity(group: GroupState, { severity, alert: { hints } }: Prepared): void {
  const rise = severityRank(group.severity) - severityRank(severity);
  if (rise < 0) return;
  group.severity = severity;
  group.nativeSeverity = hints?.nativeSeverity ?? (rise > 0 ? null : group.nativeSeverity);
}

function addEntities(group: GroupState, entities: readonly Entity[]): void {
  const known = new Set(group.entities.map(entityKey));
  for (const entity of entities) {
    const key = entityKey(entity);
    if (known.has(key)) continue;
    if (group.entities.length < limits.groupEntities) {
      group.entities.push(entity);
      known.add(key);
      group.entityCount += 1;
    } else if (group.memory.moreEntities.length < mostMoreEntities) {
      const hash = shortHash(key);
      if (group.memory.moreEntities.includes(hash)) continue;
      group.memory.moreEntities.push(hash);
      group.entityCount += 1;
    }
  }
}

/** FNV-1a, 32 bits; only to count entities once. */
function shortHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** The newest alert describes the group. */
function describe(group: GroupState, { alert, remarks }: Prepared): void {
  group.title = alert.title;
  group.description = [alert.description, ...remarks].filter((part) => part !== undefined).join("\n") || null;
  group.labels = alert.labels ?? {};
  group.links = alert.links ?? [];
  group.runbookUrl = alert.hints?.runbookUrl ?? group.runbookUrl;
  for (const technique of alert.techniques ?? []) {
    if (group.techniques.length < limits.techniques && !group.techniques.includes(technique)) {
      group.techniques.push(technique);
    }
  }
}
