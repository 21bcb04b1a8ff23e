import type { Policy } from "../../shared/policy.ts";
import { fold, newGroup } from "./fold.ts";
import { type GroupState, isVisible, type Novelty } from "./group-state.ts";
import { hide } from "./hide.ts";
import { type Before, comesBack, reopen, resolveCleared, type Turn, wakeOnChange } from "./life.ts";
import { moveGroup } from "./move-group.ts";
import type { Prepared } from "./prepare.ts";
import { scoreGroup } from "./score.ts";
import type { Silencer } from "./silence.ts";

/** What triage may ask while it runs; everything it knows is passed in. */
export interface Knowledge {
  policy: Policy;
  /** The active silences; null or left out while there is none. */
  silencer?: Silencer | null;
  /** Whether this is the first alert ever of its detector, or of it in its environment. Remembers the question. */
  noveltyOf(prepared: Prepared): Novelty;
  newId(receivedAt: number): string;
}

/** What one alert did. */
export interface Decision {
  group: GroupState;
  created: boolean;
  turns: Turn[];
  /** The group newly stands before a person, came back, or rose in band. */
  interrupts: boolean;
}

/**
 * The steps in order, for one alert: find or make its group, count it in, score, hide, and see what that means for
 * the group's life. Pure but for `group`, which it changes; the same alerts in the same order give the same groups
 * however they are cut into batches.
 */
export function run(known: GroupState | undefined, prepared: Prepared, knowledge: Knowledge): Decision {
  const { policy } = knowledge;
  const { receivedAt } = prepared;
  const created = known === undefined;
  const group = known ?? newGroup(prepared, knowledge.newId(receivedAt), knowledge.noveltyOf(prepared));
  const before: Before = { ...group };
  const wasVisible = !created && isVisible(group);

  fold(group, prepared);
  const moved = moveGroup(group, prepared.placement, policy);
  Object.assign(group, scoreGroup(group, policy, receivedAt));
  group.hidden = hide(group, policy, knowledge.silencer);
  group.runbookUrl ??= policy.services.find(({ name }) => name === group.service)?.runbookUrl ?? null;

  const turns = turnsOf(group, before, created, receivedAt, policy);
  const visible = isVisible(group);
  const interrupts = visible && (!wasVisible || group.band < before.band);
  if (interrupts && !created) turns.push({ event: "shown", because: reasonToShow(group, before) });
  const rehidden = before.hidden?.id !== group.hidden?.id;
  if (!created && (turns.length > 0 || moved || rehidden)) group.version += 1;
  return { group, created, turns, interrupts };
}

function turnsOf(
  group: GroupState,
  before: Before,
  created: boolean,
  receivedAt: number,
  policy: Policy,
): Turn[] {
  const turns: Turn[] = [];
  if (created) {
    const because = `First alert, ranked P${group.band} with ${group.score} points`;
    turns.push({ event: "created", because });
  } else if (!group.cleared && comesBack(group, receivedAt, policy)) turns.push(reopen(group));
  const woken = wakeOnChange(group, before);
  if (woken !== null) turns.push(woken);
  if (!created) turns.push(...bandTurns(group, before));
  if (group.cleared && !before.cleared) {
    turns.push({ event: "cleared", because: "The detector says it is over" });
    const resolved = resolveCleared(group, receivedAt);
    if (resolved !== null) turns.push(resolved);
  }
  return turns;
}

function bandTurns(group: GroupState, before: Before): Turn[] {
  const turns: Turn[] = [];
  const strongest = group.factors[0]?.because ?? "";
  if (group.band < before.band)
    turns.push({ event: "raised", because: `P${before.band} to P${group.band}: ${strongest}` });
  if (group.band > before.band)
    turns.push({ event: "lowered", because: `P${before.band} to P${group.band}: ${strongest}` });
  if (group.hidden !== null && before.hidden === null)
    turns.push({ event: "hidden", because: group.hidden.because });
  return turns;
}

function reasonToShow(group: GroupState, before: Before): string {
  if (before.status === "resolved") return "Back after it was resolved";
  return group.band < before.band ? `Now P${group.band}` : "Came before a person";
}
