import type { Format, IntakeAnswer } from "../../../shared/alert.ts";
import { uuidv7 } from "../../../shared/uuid.ts";
import type { Reading } from "../../adapters/adapter.ts";
import { type Context, requireScope } from "../../context.ts";
import { ServiceError } from "../../errors.ts";
import { bodyKind } from "../../intake/body-kind.ts";
import { unpackBody } from "../../intake/decode-body.ts";
import { readEntry } from "../../intake/entry.ts";
import type { Intake } from "../../intake/intake.ts";
import { waitForTriage } from "./wait-for-triage.ts";

export interface AlertsRequest {
  format: Format | "auto";
  body: Buffer;
  contentType: string | null;
  contentEncoding: string | null;
  /** Attributes of a CloudEvent that came as headers. */
  event?: Record<string, string>;
  /** Milliseconds to wait for triage before the answer; null answers once it is committed. */
  wait: number | null;
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
  const body = await unpackBody(request.body, request.contentEncoding);
  const kind = bodyKind(request.contentType, request.format, body);
  const { actor } = ctx;
  const sent = request.event === undefined ? {} : { event: request.event };
  const header = { ...kind, ...sent, actorId: actor.id, ceiling: actor.severityCeiling };
  const readings = readEntry({ header, body });
  const { alerts, rejected, accepted } = sort(readings);
  if (accepted === 0) return nothingAccepted(rejected, ctx.clock());
  const answerOf = (receipt: string): IntakeAnswer => ({ accepted, rejected, receipt });
  const submission = { header, body, alerts, idempotency: ctx.idempotency, answer: answerOf };
  const { committed, answer } = await intake.submit(submission);
  if (request.wait === null) return keptAnswer(answer);
  const groups = await waitForTriage(ctx, committed, alerts.length, request.wait);
  return { ...keptAnswer(answer), groups };
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
