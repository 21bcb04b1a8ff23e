import { type Context, Hono } from "hono";
import { dedupKeyOf, pagerdutyIdentity } from "../adapters/pagerduty.ts";
import { readPagerdutyChange } from "../adapters/pagerduty-change.ts";
import { guard } from "../auth/guard.ts";
import type { Deps } from "../context.ts";
import { InvalidError, type ServiceError } from "../errors.ts";
import type { AppEnv } from "../routes/app-env.ts";
import { alertsRequest } from "../routes/intake.ts";
import { acceptAlerts } from "../services/alerts/accept-alerts.ts";
import { announceChange } from "../services/changes/announce-change.ts";
import { acknowledge } from "../services/groups/acknowledge.ts";
import { actByKey } from "../services/stand-ins/act-by-key.ts";
import { endFiring } from "../services/stand-ins/end-firing.ts";
import { answerNatively, type NativeRefusal } from "./answer-natively.ts";
import { changeErrors, eventErrors } from "./pagerduty-errors.ts";
import { readJsonObject } from "./read-json.ts";

type Event = Record<string, unknown>;

/**
 * PagerDuty's Events API v2: `POST /v2/enqueue` and `POST /v2/change/enqueue`, with an API token as `routing_key`.
 * A trigger and a resolve go through the log, an acknowledgement is ours; what nothing fires for is dropped, as
 * there.
 */
export function pagerdutyStandIn(deps: Deps) {
  const elsewhere = async (c: Context) => {
    const { routing_key: key } = await readJsonObject(c);
    return typeof key === "string" ? key : null;
  };
  const app = new Hono<AppEnv>()
    .use(guard(deps, { elsewhere }))
    .post("/v2/enqueue", async (c) => {
      const event = await readJsonObject(c);
      requireNone(eventErrors(event));
      await carryOut(c, deps, event);
      return c.json({ status: "success", message: "Event processed", dedup_key: dedupKeyOf(event) }, 202);
    })
    .post("/v2/change/enqueue", async (c) => {
      const event = await readJsonObject(c);
      requireNone(changeErrors(event));
      const change = readPagerdutyChange(event);
      if (change !== null) await announceChange(c.var.ctx, change);
      return c.json({ status: "success", message: "Change event processed" }, 202);
    });
  answerNatively(app, deps.log, refuse);
  return app;
}

async function carryOut(c: Context<AppEnv>, { intake }: Deps, event: Event): Promise<void> {
  const { ctx } = c.var;
  const key = { source: "pagerduty", dedupKey: pagerdutyIdentity(dedupKeyOf(event)) };
  if (event.event_action === "acknowledge") {
    await actByKey(ctx, key, (id) => acknowledge(ctx, id, {}));
    return;
  }
  const request = { ...(await alertsRequest(c, "pagerduty")), contentType: "application/json", wait: null };
  if (event.event_action === "resolve") await endFiring(ctx, intake, key, request);
  else await acceptAlerts(ctx, intake, request);
}

/** @throws InvalidError with one issue for each */
function requireNone(errors: string[]): void {
  const [first] = errors;
  if (first === undefined) return;
  throw new InvalidError(
    first,
    errors.map((message) => ({ path: "", message })),
  );
}

const statusWords: Readonly<Record<number, string>> = {
  403: "forbidden",
  413: "event too large",
  500: "internal error",
  503: "overloaded",
};

/** 429 and 5xx are sent again there, and every other 4xx is not: only 403 and 413 are told apart from 400. */
const refuse: NativeRefusal = (c, status, message, error) => {
  if (error?.code === "unreadable") {
    const unread = { status: "Unrecognized object", message: "Event object format is unrecognized" };
    return c.json({ ...unread, errors: ["JSON parse error", message] }, 400);
  }
  const word = statusWords[status];
  if (word !== undefined) return c.json({ status: word, message, errors: [message] }, status);
  return c.json(
    { status: "invalid event", message: "Event object is invalid", errors: errorsOf(message, error) },
    400,
  );
};

function errorsOf(message: string, error: ServiceError | null): string[] {
  if (error?.code === "unauthenticated" || error?.code === "sign_in_expired") return ["Invalid routing key"];
  return error?.issues?.map((issue) => issue.message) ?? [message];
}
