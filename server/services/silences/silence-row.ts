import type { Silence, SilenceState } from "../../../shared/silence.ts";
import type { SilencePhase, silence } from "../../db/silence-tables.ts";

export type SilenceRow = typeof silence.$inferSelect;

export const statesOf: Readonly<Record<SilencePhase, SilenceState>> = {
  pending: "pending",
  hiding: "active",
  active: "active",
  showing: "ended",
  ended: "ended",
};

/** A stored silence as clients see it; `hides` counts groups in their scope. */
export function silenceOf(row: SilenceRow, hides: number): Silence {
  return {
    id: row.id,
    state: statesOf[row.phase],
    reason: row.reason,
    author: row.author,
    createdBy: row.createdBy,
    matchers: row.matchers,
    environments: row.environments,
    services: row.services,
    overCritical: row.overCritical,
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    endedBy: row.endedBy,
    hides,
  };
}
