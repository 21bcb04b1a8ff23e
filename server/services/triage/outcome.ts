import type { GroupState } from "../../triage/group-state.ts";
import type { Prepared } from "../../triage/prepare.ts";
import type { Decision } from "../../triage/run.ts";

/** A group that this stretch touched, and where it stands in the stretch's index. */
export interface Touched {
  group: GroupState;
  /** As it was; null for a group that begins here. */
  before: GroupState | null;
  previousIndex: string | null;
  position: number;
}

export interface DecidedAlert extends Decision {
  prepared: Prepared;
}
