import type { GettableAlert } from "../../shared/alertmanager.ts";
import type { FiringGroup } from "../services/firing/firing-group.ts";

/** The one receiver there is: the queue. */
export const receiver = { name: "quietwatch" } as const;

/** How long what names no end is said to fire, as Alertmanager's own `resolve_timeout` has it. */
const resolveMs = 5 * 60_000;

/** A group that fires as Alertmanager shows an alert. What it hides is silenced; whatever else hides it, inhibited. */
export function gettableAlert(group: FiringGroup, now: number): GettableAlert {
  const { posted, hidden, fingerprint, firstSeen, lastSeen, firingUntil, links } = group;
  const generatorURL = posted === null ? links[0]?.href : posted.generatorURL;
  const isSilenced = hidden?.by === "silence";
  return {
    labels: posted?.labels ?? group.labels,
    annotations: posted?.annotations ?? annotationsOf(group),
    startsAt: timeOf(posted?.startsAt) ?? firstSeen.toISOString(),
    endsAt: (firingUntil ?? new Date(now + resolveMs)).toISOString(),
    updatedAt: lastSeen.toISOString(),
    ...(generatorURL && { generatorURL }),
    fingerprint: fingerprint.slice(0, 16),
    receivers: [receiver],
    status: {
      state: hidden === null ? "active" : "suppressed",
      silencedBy: isSilenced ? [hidden.id] : [],
      inhibitedBy: hidden === null || isSilenced ? [] : [`${hidden.by}:${hidden.id}`],
      mutedBy: [],
    },
  };
}

function annotationsOf({ title, description }: FiringGroup): Record<string, string> {
  return { summary: title, ...(description !== null && { description }) };
}

/** Go's zero time stands for none. */
function timeOf(text: string | null | undefined): string | null {
  const at = Date.parse(text ?? "");
  return Number.isNaN(at) || at <= 0 ? null : new Date(at).toISOString();
}
