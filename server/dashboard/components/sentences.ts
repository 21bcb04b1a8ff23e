import type { Item } from "../../../shared/group.ts";

type Hiding = NonNullable<Item["hidden"]>;

const hider: Readonly<Record<Hiding["by"], string>> = {
  rule: "a rule",
  silence: "a silence",
  policy: "the policy",
  budget: "the budget",
  inhibition: "another alert",
};

/** `Hidden by a silence: nightly backup`. */
export function hiddenSentence(hidden: Hiding): string {
  return `Hidden by ${hider[hidden.by]}: ${hidden.because}`;
}

export const kindWord: Readonly<Record<Item["kind"], string>> = {
  group: "group",
  rollup: "roll-up",
  incident: "incident",
};
