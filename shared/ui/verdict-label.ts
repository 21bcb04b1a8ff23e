import type { Verdict } from "../group.ts";

export const verdictLabel: Readonly<Record<Verdict, string>> = {
  true_positive: "True positive",
  benign_true_positive: "Benign true positive",
  false_positive: "False positive",
  undetermined: "Undetermined",
};

export const verdictMeaning: Readonly<Record<Verdict, string>> = {
  true_positive: "It happened and it is a threat",
  benign_true_positive: "It happened and it is expected here",
  false_positive: "It did not happen, the detector is wrong",
  undetermined: "Closed without knowing",
};
