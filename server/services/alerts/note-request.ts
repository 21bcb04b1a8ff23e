import type { IntakeAnswer } from "../../../shared/alert.ts";
import type { Context } from "../../context.ts";
import { ServiceError } from "../../errors.ts";
import type { Entry } from "../../intake/entry.ts";
import type { Observe } from "../../observe/observe.ts";
import { beginningOf } from "../rejects/beginning-of.ts";
import { refusalOfAlerts, refusalOfBody } from "../rejects/refusal-of.ts";
import type { AlertsRequest } from "./accept-alerts.ts";

/** Counts what comes of one request, and keeps of what is refused the way to its bytes. */
export interface RequestNote {
  /** The request is the sender's; before, nobody vouches for it. Its body is given as far as it is readable. */
  admitted(body: Buffer): void;
  read(entry: Entry, places: number, rejected: IntakeAnswer["rejected"]): void;
  accepted(alerts: number): void;
  failed(error: unknown): void;
}

/** Nothing is wrong with the request. */
const comeAgain = 503;
/** Refusals of a body as such; others are of the sender or of the hour. */
const bodyCodes: ReadonlySet<string> = new Set([
  ...["unreadable", "unsupported_type", "unknown_format", "too_large", "too_many_alerts"],
]);

export function noteRequest(ctx: Context, observe: Observe, request: AlertsRequest): RequestNote {
  const { actor, clock, requestId } = ctx;
  const isNamed = request.problem === undefined;
  const format = isNamed ? (request.mapping?.name ?? request.format) : "unknown";
  let isAdmitted = request.admit === undefined;
  let isRead = false;
  let body: Buffer | null = null;

  function begin() {
    const count = observe.senders.of(actor, format);
    count.requests += 1;
    count.lastAt = clock();
    return { count, about: { at: count.lastAt, actor, format, requestId } };
  }

  function refuse({ code, message }: ServiceError): void {
    const { count, about } = begin();
    count.refused += 1;
    count.lastReject = { at: count.lastAt, code, message };
    observe.rejects.body(format, code);
    observe.refusals.offer(actor.id, 1, () => {
      const size = body?.length ?? request.body.length;
      return refusalOfBody(about, { code, message }, { body: body ?? beginningOf(request), size });
    });
  }

  return {
    admitted: (readable) => {
      isAdmitted = true;
      body = readable;
    },
    read: (entry, places, rejected) => {
      isRead = true;
      const { count, about } = begin();
      count.received += places;
      count.bytes += entry.body.length;
      const last = rejected.at(-1);
      if (last === undefined) return;
      count.rejected += rejected.length;
      count.lastReject = { at: count.lastAt, code: last.code, message: last.message };
      for (const { code } of rejected) observe.rejects.alert(format, code);
      observe.refusals.offer(actor.id, rejected.length, () => refusalOfAlerts(about, entry, rejected));
    },
    accepted: (alerts) => {
      observe.senders.of(actor, format).accepted += alerts;
    },
    failed: (error) => {
      if (!(error instanceof ServiceError) || !isAdmitted) return;
      if (error.status === comeAgain) observe.senders.of(actor, format).overloaded += 1;
      else if (!isRead && bodyCodes.has(error.code)) refuse(error);
    },
  };
}
