import type { Policy } from "../../shared/policy.ts";
import type { GroupState } from "./group-state.ts";
import { type Placement, weightOf } from "./placement.ts";

/**
 * Takes a group to where its newest alert was placed, when nothing placed the group so far or when it counts more
 * there: a sender's own key may span environments, and an alert from a test must never hide what production
 * raised. Changes `group`.
 */
export function moveGroup(group: GroupState, placement: Placement, policy: Policy): boolean {
  const moves = placement.mapped && (!isPlaced(group, policy) || countsMore(placement, group, policy));
  if (moves) {
    group.environment = placement.environment;
    group.environmentMapped = true;
    group.environmentBecause = placement.because;
  }
  const names = group.service === null && placement.service !== null;
  if (names) group.service = placement.service;
  return moves || names;
}

function isPlaced({ environment, environmentMapped }: GroupState, { environments }: Policy): boolean {
  return environmentMapped && environments.some(({ name }) => name === environment);
}

function countsMore(placement: Placement, group: GroupState, policy: Policy): boolean {
  return weightOf(placement.environment, policy) > weightOf(group.environment, policy);
}
