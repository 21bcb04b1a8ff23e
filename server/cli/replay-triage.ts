import type { Alert } from "../../shared/alert.ts";
import { type Band, bands } from "../../shared/group.ts";
import type { Policy } from "../../shared/policy.ts";
import { firstUuidOf } from "../../shared/uuid.ts";
import { noveltyMemory } from "../services/triage/load-novelty.ts";
import { lapse } from "../triage/firing.ts";
import { type GroupState, isVisible } from "../triage/group-state.ts";
import { resolveCleared } from "../triage/life.ts";
import { createPreparer } from "../triage/prepare.ts";
import { run } from "../triage/run.ts";
import { scoreGroup } from "../triage/score.ts";
import { createDueTimes } from "./due-times.ts";

/** What the contract calls a replay decision, without its line. */
export interface ReplayDecision {
  item: string;
  band: Band;
  /** P1 to P3 and not hidden. */
  visible: boolean;
  interrupts: boolean;
  because: string;
}

export interface ReplayTriage {
  decide(alert: Alert): ReplayDecision;
  readonly groups: number;
  /** Alerts that were earlier than one before them. */
  readonly late: number;
}

/**
 * The server's triage over memory alone, on a clock that the alerts move: an alert arrives when it happened, one
 * without a time together with the one before it. The clock never goes back, so an alert that is out of order
 * counts as late, as it would have then. Nothing in it is random: the same alerts give the same ids.
 */
export function createReplayTriage(policy: Policy): ReplayTriage {
  const prepare = createPreparer(policy);
  const groups = new Map<string, GroupState>();
  const firingEnds = createDueTimes();
  let now = 0;
  let late = 0;
  const knowledge = {
    policy,
    noveltyOf: noveltyMemory([]),
    newId: (receivedAt: number) => replayUuid(receivedAt, groups.size),
  };

  function lapseUntil(time: number): void {
    for (let due = firingEnds.take(time); due !== null; due = firingEnds.take(time)) {
      const group = groups.get(due.key);
      if (group === undefined || group.firingUntil !== due.at) continue;
      lapse(group, due.at);
      Object.assign(group, scoreGroup(group, policy, due.at));
      if (group.cleared) resolveCleared(group, due.at);
      if (group.firingUntil !== null) firingEnds.add(group.firingUntil, due.key);
    }
  }

  return {
    decide: (alert) => {
      const said = alert.occurredAt === undefined ? now : Date.parse(alert.occurredAt);
      if (said < now) late += 1;
      now = Math.max(now, said);
      lapseUntil(now);
      const prepared = prepare({ alert, receivedAt: now, ceiling: null });
      const known = groups.get(prepared.fingerprint);
      const wasUntil = known?.firingUntil ?? null;
      const { group, interrupts } = run(known, prepared, knowledge);
      groups.set(prepared.fingerprint, group);
      if (group.firingUntil !== null && group.firingUntil !== wasUntil) {
        firingEnds.add(group.firingUntil, prepared.fingerprint);
      }
      return decisionOf(group, interrupts);
    },
    get groups() {
      return groups.size;
    },
    get late() {
      return late;
    },
  };
}

function decisionOf(group: GroupState, interrupts: boolean): ReplayDecision {
  const band = bands[group.band - 1] ?? "P5";
  return { item: group.id, band, visible: isVisible(group), interrupts, because: reasonFor(group) };
}

function reasonFor({ hidden, status, factors }: GroupState): string {
  if (hidden !== null) return hidden.because;
  if (status === "resolved") return "Nothing of it fires any more";
  return factors[0]?.because ?? "";
}

/** A UUIDv7 of that time that only its number tells from the others. */
function replayUuid(time: number, number: number): string {
  return `${firstUuidOf(time).slice(0, 14)}7000-8000-${number.toString(16).padStart(12, "0")}`;
}
