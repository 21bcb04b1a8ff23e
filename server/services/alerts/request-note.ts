import type { IntakeAnswer } from "../../../shared/alert.ts";
import type { Context } from "../../context.ts";
import { ServiceError } from "../../errors.ts";
import type { Entry } from "../../intake/entry.ts";
import type { Observe } from "../../observe/observe.ts";
import type { SenderCount } from "../../observe/sender-counts.ts";
import { beginningOf } from "../rejects/beginning-of.ts";
import { refusalOfAlerts, refusalOfBody } from "../rejects/refusal-of.ts";
import type { AlertsRequest } from "./accept-alerts.ts";

/** Nothing is wrong with the request. */
const comeAgain = 503;
/** Refusals of a body as such; others are of the sender or of the hour. */
const bodyCodes: ReadonlySet<string> = new Set([
  ...["unreadable", "unsupported_type", "unknown_format", "too_large", "too_many_alerts"],
]);

/**
 * Counts what comes of one request, and keeps of what is refused the way to its bytes. A class, since there is one for
 * each of thousands of requests a second, and closures would cost each of them.
 */
export class RequestNote {
  private readonly ctx: Context;
  private readonly observe: Observe;
  private readonly request: AlertsRequest;
  private readonly format: string;
  private isAdmitted: boolean;
  private isRead = false;
  private body: Buffer | null = null;

  constructor(ctx: Context, observe: Observe, request: AlertsRequest) {
    this.ctx = ctx;
    this.observe = observe;
    this.request = request;
    const isNamed = request.problem === undefined;
    this.format = isNamed ? (request.mapping?.name ?? request.format) : "unknown";
    this.isAdmitted = request.admit === undefined;
  }

  /** The request is the sender's; before, nobody vouches for it. Its body is given as far as it is readable. */
  admitted(readable: Buffer): void {
    this.isAdmitted = true;
    this.body = readable;
  }

  read(entry: Entry, places: number, rejected: IntakeAnswer["rejected"]): void {
    this.isRead = true;
    const count = this.begin();
    count.received += places;
    count.bytes += entry.body.length;
    const last = rejected.at(-1);
    if (last === undefined) return;
    count.rejected += rejected.length;
    count.lastReject = { at: count.lastAt, code: last.code, message: last.message };
    for (const { code } of rejected) this.observe.rejects.alert(this.format, code);
    this.observe.refusals.offer(this.ctx.actor.id, rejected.length, () =>
      refusalOfAlerts(this.about(count.lastAt), entry, rejected),
    );
  }

  accepted(alerts: number): void {
    this.count().accepted += alerts;
  }

  failed(error: unknown): void {
    if (!(error instanceof ServiceError) || !this.isAdmitted) return;
    if (error.status === comeAgain) this.count().overloaded += 1;
    else if (!this.isRead && bodyCodes.has(error.code)) this.refuse(error);
  }

  private count(): SenderCount {
    return this.observe.senders.of(this.ctx.actor, this.format);
  }

  private begin(): SenderCount {
    const count = this.count();
    count.requests += 1;
    count.lastAt = this.ctx.clock();
    return count;
  }

  private about(at: number) {
    const { actor, requestId } = this.ctx;
    return { at, actor, format: this.format, requestId };
  }

  private refuse({ code, message }: ServiceError): void {
    const count = this.begin();
    count.refused += 1;
    count.lastReject = { at: count.lastAt, code, message };
    this.observe.rejects.body(this.format, code);
    this.observe.refusals.offer(this.ctx.actor.id, 1, () => {
      const size = this.body?.length ?? this.request.body.length;
      const body = this.body ?? beginningOf(this.request);
      return refusalOfBody(this.about(count.lastAt), { code, message }, { body, size });
    });
  }
}
