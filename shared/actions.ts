import * as v from "valibot";
import { Time } from "./alert.ts";
import { durationPattern } from "./duration.ts";
import { type Item, Verdict } from "./group.ts";

const version = { version: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))) };
const noteText = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(16_384));
const name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(128));

export const AcknowledgeInput = v.object({ ...version });
export const AnnotateInput = v.object({ ...version, text: noteText });
export const SnoozeInput = v.union([
  v.object({ ...version, until: Time }),
  v.object({ ...version, for: v.pipe(v.string(), v.regex(durationPattern, "a duration such as 30m or 2h")) }),
  v.object({ ...version, untilChange: v.literal(true) }),
]);
export const ResolveInput = v.object({
  ...version,
  verdict: Verdict,
  reason: v.optional(v.pipe(v.string(), v.maxLength(256))),
  note: v.optional(noteText),
});
/** `to` null takes the owner away. */
export const AssignInput = v.object({ ...version, to: v.nullable(name) });
export const EscalateInput = v.object({ ...version, to: v.optional(name), note: v.optional(noteText) });
export const ReopenInput = v.object({ ...version });

export const actionInputs = {
  acknowledge: AcknowledgeInput,
  annotate: AnnotateInput,
  snooze: SnoozeInput,
  resolve: ResolveInput,
  assign: AssignInput,
  escalate: EscalateInput,
  reopen: ReopenInput,
} as const;

export const actionNames = [
  "acknowledge",
  "annotate",
  "snooze",
  "resolve",
  "assign",
  "escalate",
  "reopen",
] as const;
export const ActionName = v.picklist(actionNames);
export type ActionName = v.InferOutput<typeof ActionName>;
export type ActionInput<N extends ActionName = ActionName> = v.InferOutput<(typeof actionInputs)[N]>;

/** How long after an action it can be taken back. */
export const undoWindowMs = 5 * 60_000;

export interface ActionAnswer {
  actionId: string;
  item: Item;
}

export const BulkInput = v.object({
  ids: v.pipe(v.array(v.pipe(v.string(), v.uuid())), v.minLength(1), v.maxLength(500)),
  action: ActionName,
  input: v.optional(v.record(v.string(), v.unknown()), {}),
});
export type BulkInput = v.InferOutput<typeof BulkInput>;

export interface BulkAnswer {
  actionId: string;
  results: { id: string; ok: boolean; version?: number; error?: { code: string; message: string } }[];
}

export interface UndoAnswer {
  actionId: string;
  items: Item[];
}
