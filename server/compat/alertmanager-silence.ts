import { type GettableSilence, PostableSilence } from "../../shared/alertmanager.ts";
import type { Silence, SilenceMatcher } from "../../shared/silence.ts";
import { parse } from "../parse.ts";
import type { SilenceDraft } from "../services/silences/silence-draft.ts";

/** A silence as a client posts it; `id` is that of the one to be edited, null for a new one. */
export function readPostable(body: unknown): { id: string | null; draft: SilenceDraft } {
  const { id, matchers, startsAt, endsAt, createdBy, comment } = parse(PostableSilence, body);
  return {
    id: id === "" ? null : id,
    draft: {
      dialect: "alertmanager",
      matchers,
      reason: comment,
      createdBy,
      startsAt: new Date(startsAt),
      endsAt: new Date(endsAt),
    },
  };
}

const states = { pending: "pending", active: "active", ended: "expired" } as const;

/** Our silence as Alertmanager shows one. */
export function gettableSilence(silence: Silence): GettableSilence {
  const { id, state, matchers, reason, createdBy, author, startsAt, endsAt, updatedAt } = silence;
  return {
    id,
    status: { state: states[state] },
    updatedAt,
    comment: reason,
    createdBy: createdBy ?? author,
    startsAt,
    endsAt,
    matchers,
  };
}

const order = { active: 0, pending: 1, ended: 2 } as const;

/** Active ones first, the next to end on top; then those that begin next; then what ended last. */
export function inNativeOrder(silences: readonly Silence[]): Silence[] {
  return [...silences].sort((a, b) => {
    if (a.state !== b.state) return order[a.state] - order[b.state];
    if (a.state === "active") return compare(a.endsAt, b.endsAt);
    return a.state === "pending" ? compare(a.startsAt, b.startsAt) : compare(b.endsAt, a.endsAt);
  });
}

const compare = (one: string, other: string) => Date.parse(one) - Date.parse(other);

/** Whether a silence has each of these matchers, word for word. */
export function hasMatchers({ matchers }: Silence, wanted: readonly SilenceMatcher[]): boolean {
  return wanted.every((one) =>
    matchers.some(
      ({ name, value, isRegex, isEqual }) =>
        one.name === name && one.value === value && one.isRegex === isRegex && one.isEqual === isEqual,
    ),
  );
}
