import type { item } from "../../db/schema.ts";
import type { GroupMemory, GroupState } from "../../triage/group-state.ts";

type ItemRow = typeof item.$inferSelect;

const ms = (time: Date | null) => time?.getTime() ?? null;
const time = (value: number | null) => (value === null ? null : new Date(value).toISOString());

/** @throws Error when the row is not a group's */
export function stateOf(row: ItemRow): GroupState {
  const { fingerprint, memory, hiddenBy, hiddenId, hiddenBecause } = row;
  if (fingerprint === null || memory === null) throw new Error(`item ${row.id} is not a group`);
  const hidden = hiddenBy && { by: hiddenBy, id: hiddenId ?? "", because: hiddenBecause ?? "" };
  return {
    ...row,
    fingerprint,
    memory: countedUp(memory, row.occurrences),
    hidden,
    firstSeen: row.firstSeen.getTime(),
    lastSeen: row.lastSeen.getTime(),
    occurredAt: row.occurredAt.getTime(),
    acknowledgedAt: ms(row.acknowledgedAt),
    snoozedUntil: ms(row.snoozedUntil),
    resolvedAt: ms(row.resolvedAt),
    firingUntil: ms(row.firingUntil),
  };
}

/** Repeats within an hour move only the count of the row; the hour's own is counted up when it is read. */
export function countedUp(memory: GroupMemory, occurrences: number): GroupMemory {
  const { stored, hours } = memory;
  if (stored === undefined || stored.occurrences >= occurrences) return memory;
  const inHour = (hours[stored.hour] ?? 0) + occurrences - stored.occurrences;
  return { ...memory, hours: { ...hours, [stored.hour]: inHour } };
}

/** Columns that triage writes on an existing group; the rest belong to people. */
export const triageColumns = [
  "version",
  "changed_seq",
  "title",
  "severity",
  "native_severity",
  "environment",
  "environment_mapped",
  "environment_because",
  "service",
  "band",
  "score",
  "factors",
  "status",
  "cleared",
  "hidden_by",
  "hidden_id",
  "hidden_because",
  "episode",
  "count",
  "occurrences",
  "entity_count",
  "entities",
  "last_seen",
  "occurred_at",
  "acknowledged_by",
  "acknowledged_at",
  "snoozed_until",
  "snoozed_until_change",
  "verdict",
  "resolved_by",
  "resolved_at",
  "firing_until",
  "techniques",
  "runbook_url",
  "description",
  "labels",
  "links",
  "last_index",
  "memory",
] as const;

/** A group as `jsonb_populate_recordset(null::item, …)` takes it. */
export function groupRecord(group: GroupState, changedSeq: number, lastIndex: string | null) {
  return {
    id: group.id,
    kind: "group",
    fingerprint: group.fingerprint,
    version: group.version,
    changed_seq: changedSeq,
    title: group.title,
    source: group.source,
    rule: group.rule,
    severity: group.severity,
    native_severity: group.nativeSeverity,
    environment: group.environment,
    environment_mapped: group.environmentMapped,
    environment_because: group.environmentBecause,
    service: group.service,
    band: group.band,
    score: group.score,
    factors: group.factors,
    status: group.status,
    cleared: group.cleared,
    hidden_by: group.hidden?.by ?? null,
    hidden_id: group.hidden?.id ?? null,
    hidden_because: group.hidden?.because ?? null,
    episode: group.episode,
    count: group.count,
    occurrences: group.occurrences,
    member_count: 1,
    entity_count: group.entityCount,
    entities: group.entities,
    first_seen: time(group.firstSeen),
    last_seen: time(group.lastSeen),
    occurred_at: time(group.occurredAt),
    acknowledged_by: group.acknowledgedBy,
    acknowledged_at: time(group.acknowledgedAt),
    snoozed_until: time(group.snoozedUntil),
    snoozed_until_change: group.snoozedUntilChange,
    verdict: group.verdict,
    resolved_by: group.resolvedBy,
    resolved_at: time(group.resolvedAt),
    judged_score: group.judgedScore,
    judged_entities: group.judgedEntities,
    firing_until: time(group.firingUntil),
    techniques: group.techniques,
    note_count: 0,
    evidence_count: 0,
    runbook_url: group.runbookUrl,
    drill: false,
    description: group.description,
    labels: group.labels,
    links: group.links,
    last_index: lastIndex,
    memory: group.memory,
  };
}
