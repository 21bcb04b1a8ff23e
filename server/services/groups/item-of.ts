import { bands, type Item } from "../../../shared/group.ts";
import type { item } from "../../db/schema.ts";

export type ItemRow = typeof item.$inferSelect;

const shownEntities = 8;
const roleOrder = { target: 0, actor: 1, observer: 3 } as const;

/** A stored item as clients see it. */
export function itemOf(row: ItemRow): Item {
  return {
    id: row.id,
    kind: row.kind,
    version: row.version,
    title: row.title,
    source: row.source,
    rule: row.rule,
    severity: row.severity,
    environment: row.environment,
    service: row.service,
    band: bandName(row.band),
    score: row.score,
    factors: row.factors,
    status: row.status,
    cleared: row.cleared,
    hidden: row.hiddenBy && { by: row.hiddenBy, id: row.hiddenId ?? "", because: row.hiddenBecause ?? "" },
    episode: row.episode,
    count: row.count,
    occurrences: row.occurrences,
    memberCount: row.memberCount,
    entityCount: row.entityCount,
    entities: targetsFirst(row).slice(0, shownEntities),
    firstSeen: row.firstSeen.toISOString(),
    lastSeen: row.lastSeen.toISOString(),
    assignee: row.assignee,
    acknowledgedBy: row.acknowledgedBy,
    acknowledgedAt: row.acknowledgedAt?.toISOString() ?? null,
    snoozedUntil: row.snoozedUntil?.toISOString() ?? null,
    verdict: row.verdict,
    techniques: row.techniques,
    noteCount: row.noteCount,
    evidenceCount: row.evidenceCount,
    runbookUrl: row.runbookUrl,
    changeId: row.changeId,
    rollupId: row.rollupId,
    incidentId: row.incidentId,
    drill: row.drill,
  };
}

export function bandName(band: number): Item["band"] {
  return bands[band - 1] ?? "P5";
}

function targetsFirst({ entities }: ItemRow): Item["entities"] {
  const order = ({ role }: Item["entities"][number]) => (role === undefined ? 2 : roleOrder[role]);
  return [...entities].sort((a, b) => order(a) - order(b));
}
