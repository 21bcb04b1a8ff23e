import { type Context, Hono } from "hono";
import * as v from "valibot";
import type { ActionAnswer } from "../../shared/actions.ts";
import { limits } from "../../shared/alert.ts";
import { DetectorName } from "../../shared/heartbeat.ts";
import { textAt } from "../adapters/text-field.ts";
import { storableText } from "../adapters/well-formed.ts";
import { guard } from "../auth/guard.ts";
import type { Deps, Context as ServiceContext } from "../context.ts";
import { InvalidError } from "../errors.ts";
import type { AppEnv } from "../routes/app-env.ts";
import { alertsRequest } from "../routes/intake.ts";
import { type AlertsRequest, acceptAlerts } from "../services/alerts/accept-alerts.ts";
import { acknowledge } from "../services/groups/acknowledge.ts";
import { annotate } from "../services/groups/annotate.ts";
import { beat } from "../services/heartbeats/beat.ts";
import { orNothingToDo } from "../services/stand-ins/act-by-key.ts";
import { askAction, askClose } from "../services/stand-ins/ask-action.ts";
import { type Identifier, identifierTypes } from "../services/stand-ins/opsgenie-identifier.ts";
import { showAsked } from "../services/stand-ins/show-asked.ts";
import { answerNatively } from "./answer-natively.ts";
import { refuseAsOpsgenie, requestStatus, tell, timed } from "./opsgenie-answers.ts";
import { readJsonObject } from "./read-json.ts";

/**
 * Opsgenie's Alert and Heartbeat APIs as far as senders use them: create, acknowledge, close, add a note, what came
 * of it, and pings. An API token as `Authorization: GenieKey`. Everything is done before the answer, or committed;
 * clients ask for the outcome as there.
 */
export function opsgenieStandIn(deps: Deps) {
  const app = new Hono<AppEnv>()
    .use(timed)
    .use(guard(deps, { elsewhere: keyOf }))
    .post("/v2/alerts", async (c) => tell(c, await create(c, deps)))
    .get("/v2/alerts/requests/:id", async (c) =>
      requestStatus(c, await showAsked(c.var.ctx, deps.store, c.req.param("id"))),
    )
    .post("/v2/alerts/:identifier/acknowledge", async (c) => {
      const note = noteIn(await readJsonObject(c));
      const verb = { action: "Acknowledge", done: "Acknowledged alert" };
      const act = (id: string) => acknowledgeWith(c.var.ctx, id, note);
      return tell(c, await askAction(c.var.ctx, verb, identifierOf(c), act));
    })
    .post("/v2/alerts/:identifier/close", async (c) => {
      const sent = await readJsonObject(c);
      const requestFor = (alias: string) => closeRequest(alias, sent);
      const asked = { identifier: identifierOf(c), note: noteIn(sent), requestFor };
      return tell(c, await askClose(c.var.ctx, deps.intake, asked));
    })
    .post("/v2/alerts/:identifier/notes", async (c) => {
      const text = noteIn(await readJsonObject(c));
      if (text === undefined) throw refusal("note", "Note can not be empty.");
      const { ctx } = c.var;
      const verb = { action: "AddNote", done: "Added note" };
      return tell(c, await askAction(ctx, verb, identifierOf(c), (id) => annotate(ctx, id, { text })));
    })
    .get("/v2/heartbeats/:name/ping", async (c) => ping(c))
    .post("/v2/heartbeats/:name/ping", async (c) => ping(c));
  answerNatively(app, deps.log, refuseAsOpsgenie);
  return app;
}

async function create(c: Context<AppEnv>, { intake }: Deps): Promise<string> {
  if (textAt(await readJsonObject(c), "message") === undefined) {
    throw refusal("message", "Message can not be empty.");
  }
  const request = { ...(await alertsRequest(c, "opsgenie")), contentType: "application/json", wait: null };
  return (await acceptAlerts(c.var.ctx, intake, request)).receipt;
}

/** The note is kept even where somebody acknowledged it before. */
async function acknowledgeWith(
  ctx: ServiceContext,
  id: string,
  note: string | undefined,
): Promise<ActionAnswer> {
  const acknowledged = acknowledge(ctx, id, {});
  if (note === undefined) return acknowledged;
  await orNothingToDo(acknowledged);
  return annotate(ctx, id, { text: note });
}

async function ping(c: Context<AppEnv>): Promise<Response> {
  const name = v.safeParse(DetectorName, storableText(c.req.param("name") ?? ""));
  if (!name.success) throw refusal("name", `Heartbeat name must have 1 to ${limits.source} characters.`);
  await beat(c.var.ctx, { detector: name.output });
  return tell(c, c.var.requestId, "PONG - Heartbeat received");
}

/** The alias stands in the address, so what goes into the log is written down with it. */
function closeRequest(alias: string, request: Record<string, unknown>): AlertsRequest {
  const body = Buffer.from(JSON.stringify({ alias, action: "close", request }));
  return { format: "opsgenie", body, contentType: "application/json", contentEncoding: null, wait: null };
}

function identifierOf(c: Context<AppEnv>): Identifier {
  const asked = c.req.query("identifierType") ?? "id";
  const type = identifierTypes.find((one) => one === asked);
  if (type === undefined) {
    throw refusal("identifierType", `Identifier type must be one of ${identifierTypes.join(", ")}.`);
  }
  return { type, text: c.req.param("identifier") ?? "" };
}

function noteIn(sent: Record<string, unknown>): string | undefined {
  const note = textAt(sent, "note")?.trim();
  return note && storableText(note).slice(0, limits.description).toWellFormed();
}

function keyOf(c: Context): string | null {
  return /^GenieKey +(\S+)/i.exec(c.req.header("Authorization") ?? "")?.[1] ?? null;
}

function refusal(path: string, message: string): InvalidError {
  return new InvalidError(message, [{ path, message }]);
}
