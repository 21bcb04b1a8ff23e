import { type SilenceMatcher, silenceLimits } from "../../../shared/silence.ts";
import { InvalidError } from "../../errors.ts";
import { type Dialect, testOf } from "../../triage/silence.ts";
import { compilePattern } from "../../triage/silence-pattern.ts";
import { requireStorable } from "../access/storable-text.ts";

/** What somebody asks to be silenced, from our own API or from a client of the stand-in. */
export interface SilenceDraft {
  dialect: Dialect;
  matchers: SilenceMatcher[];
  reason: string;
  createdBy: string | null;
  /** What is past begins now. */
  startsAt: Date;
  endsAt: Date;
}

const dayMs = 86_400_000;

function invalid(path: string, message: string): never {
  throw new InvalidError(`${path}: ${message}`, [{ path, message }]);
}

/**
 * The draft with its start, once it is one that can be kept.
 * @throws InvalidError
 */
export function checkedDraft(draft: SilenceDraft, now: number): SilenceDraft {
  const { reason, createdBy } = draft;
  requireStorable("reason", createdBy === null ? [reason] : [reason, createdBy]);
  requireStorable(
    "matchers",
    draft.matchers.flatMap(({ name, value }) => [name, value]),
  );
  checkMatchers(draft.matchers);
  const startsAt = new Date(Math.max(now, draft.startsAt.getTime()));
  const lasts = draft.endsAt.getTime() - startsAt.getTime();
  if (draft.endsAt.getTime() <= now) invalid("endsAt", "that time is past");
  if (lasts <= 0) invalid("endsAt", "the end must be after the start");
  if (lasts > silenceLimits.days * dayMs) {
    invalid("endsAt", `at most ${silenceLimits.days} days after the start`);
  }
  return { ...draft, startsAt };
}

function checkMatchers(matchers: readonly SilenceMatcher[]): void {
  for (const [index, { isRegex, value }] of matchers.entries()) {
    const { problem } = isRegex ? compilePattern(value) : {};
    if (problem !== undefined) invalid(`matchers.${index}.value`, problem);
  }
  // As Alertmanager has it: one that leaves something out counts as a condition.
  const takesAnything = matchers.every((matcher) => matcher.isEqual && testOf(matcher)(""));
  if (takesAnything) invalid("matchers", "at least one matcher must not match the empty string");
}
