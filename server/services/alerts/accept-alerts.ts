import type { Format, IntakeAnswer } from "../../../shared/alert.ts";
import type { Mapping } from "../../../shared/mapping.ts";
import { uuidv7 } from "../../../shared/uuid.ts";
import type { Reading } from "../../adapters/adapter.ts";
import { type Context, requireScope } from "../../context.ts";
import { ServiceError } from "../../errors.ts";
import { bodyKind } from "../../intake/body-kind.ts";
import { unpackBody } from "../../intake/decode-body.ts";
import { type EntryHeader, readEntry } from "../../intake/entry.ts";
import type { Intake } from "../../intake/intake.ts";
import { withoutCredentials } from "../../intake/without-credentials.ts";
import { RequestNote } from "./request-note.ts";
import { waitForTriage } from "./wait-for-triage.ts";

export interface AlertsRequest {
  format: Format | "auto";
  body: Buffer;
  contentType: string | null;
  contentEncoding: string | null;
  /** Attributes of a CloudEvent that came as headers. */
  event?: Record<string, string>;
  /** Reads every record; `format` is left aside. */
  mapping?: Mapping;
  /** Looks at the unpacked body before anything of it is read; `nothing` when it holds no alert by its nature. */
  admit?(body: Buffer): Promise<"alerts" | "nothing">;
  /** Milliseconds to wait for triage before the answer; null answers once it is committed. */
  wait: number | null;
  /** What is wrong with it whatever its body holds. */
  problem?: ServiceError;
}

/** Commits what is good of a request and says of the rest why not. */
export async function acceptAlerts(
  ctx: Context,
  intake: Intake,
  request: AlertsRequest,
): Promise<IntakeAnswer> {
  requireScope(ctx, "alerts:write");
  if (ctx.idempotency !== null) {
    const earlier = await intake.earlierAnswer(ctx.actor.id, ctx.idempotency);
    if (earlier !== null) return keptAnswer(earlier);
  }
  const note = new RequestNote(ctx, intake.observe, request);
  try {
    return await accept(ctx, intake, request, note);
  } catch (error) {
    note.failed(error);
    throw error;
  }
}

async function accept(
  ctx: Context,
  intake: Intake,
  request: AlertsRequest,
  note: RequestNote,
): Promise<IntakeAnswer> {
  await intake.turn(ctx.actor.id, request.body.length);
  const received = await unpackBody(request.body, request.contentEncoding);
  if ((await request.admit?.(received)) === "nothing") return nothingAccepted([], ctx.clock());
  note.admitted(received);
  if (request.problem !== undefined) throw request.problem;
  const kind = bodyKind(request.contentType, request.format, received);
  // Before it is read, so that it is read again just as it was.
  const body = withoutCredentials(kind.format, kind.type, received);
  note.admitted(body);
  const { actor } = ctx;
  const { event, mapping } = request;
  const sent = { ...(event !== undefined && { event }), ...(mapping !== undefined && { mapping }) };
  const known = { ...kind, ...sent, actorId: actor.id, ceiling: actor.severityCeiling };
  const { header, readings } = readRequest(known, body, ctx.policy().intake.mappings);
  const { alerts, rejected, accepted } = sort(readings);
  note.read({ header, body }, alerts.length, rejected);
  if (accepted === 0) return nothingAccepted(rejected, ctx.clock());
  const answerOf = (receipt: string): IntakeAnswer => ({ accepted, rejected, receipt });
  const submission = { header, body, alerts, idempotency: ctx.idempotency, answer: answerOf };
  const { committed, answer } = await intake.submit(submission);
  note.accepted(accepted);
  if (request.wait === null) return keptAnswer(answer);
  const groups = await waitForTriage(ctx, committed, alerts.length, request.wait);
  return { ...keptAnswer(answer), groups };
}

/** Tries the mappings that say what is theirs, and keeps in the header those that did. */
function readRequest(known: EntryHeader, body: Buffer, mappings: readonly Mapping[]) {
  const candidates = known.format === "auto" ? mappings.filter(({ match }) => match !== undefined) : [];
  if (candidates.length === 0) return { header: known, readings: readEntry({ header: known, body }) };
  const used = new Set<Mapping>();
  const readings = readEntry({ header: { ...known, candidates }, body }, used);
  return { header: used.size === 0 ? known : { ...known, candidates: [...used] }, readings };
}

function sort(readings: Reading[]) {
  const alerts = readings.map(({ alert }) => alert ?? null);
  const rejected: IntakeAnswer["rejected"] = [];
  for (const [index, { reject }] of readings.entries())
    if (reject !== undefined) rejected.push({ index, ...reject });
  return { alerts, rejected, accepted: alerts.length - rejected.length };
}

function nothingAccepted(rejected: IntakeAnswer["rejected"], now: number): IntakeAnswer {
  const [first] = rejected;
  if (first === undefined) return { accepted: 0, rejected, receipt: uuidv7(now) };
  const issues = rejected.slice(0, 100).map(({ index, message }) => ({ path: String(index), message }));
  const unknown = rejected.every(({ code }) => code === "unknown_format");
  throw new ServiceError(
    unknown ? "unknown_format" : "invalid_alert",
    rejected.length === 1
      ? first.message
      : `none of ${rejected.length} alerts can be taken; the first: ${first.message}`,
    { issues },
  );
}

/** What `answerOf` made, as the intake kept it. */
function keptAnswer(answer: unknown): IntakeAnswer {
  return answer as IntakeAnswer;
}
