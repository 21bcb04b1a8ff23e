import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../routes/app-env.ts";
import type { Asked } from "../services/stand-ins/show-asked.ts";
import type { NativeRefusal } from "./answer-natively.ts";

/** Every answer there says how long it took. */
export const timed = createMiddleware<AppEnv>(async (c, next) => {
  c.set("startedAt", performance.now());
  await next();
});

/** In seconds; never 0, which its Go client takes for absent. */
function tookOf(c: Context<AppEnv>): number {
  const ms = performance.now() - (c.var.startedAt ?? performance.now());
  return Math.max(1, Math.round(ms)) / 1_000;
}

/** The headers that Opsgenie's clients look for. Returns the seconds it took. */
function putHeaders(c: Context<AppEnv>, requestId: string): number {
  const took = tookOf(c);
  c.header("X-Request-Id", requestId);
  c.header("X-Response-Time", String(took));
  c.header("X-RateLimit-State", "OK");
  return took;
}

export function tell(c: Context<AppEnv>, requestId: string, result = "Request will be processed"): Response {
  const took = putHeaders(c, requestId);
  return c.json({ result, took, requestId }, 202);
}

/** What came of a request. */
export function requestStatus(c: Context<AppEnv>, asked: Asked): Response {
  const { requestId } = c.var;
  const { action, at, alias, itemId, isDone, outcome } = asked;
  const data = {
    success: isDone,
    isSuccess: isDone,
    action,
    processedAt: at.toISOString(),
    integrationId: "",
    status: outcome,
    alertId: itemId ?? "",
    alias: alias ?? "",
  };
  const took = putHeaders(c, requestId);
  return c.json({ data, took, requestId }, 200);
}

const words: Readonly<Record<number, string>> = {
  401: "Could not authenticate",
  404: "Request not found. It might not be processed, yet.",
  422: "Request body is not processable. Please check the errors.",
};

/** A request that is not found yet is asked for again by clients that read the type of the error. */
export const refuseAsOpsgenie: NativeRefusal = (c, status, message, error) => {
  const { requestId } = c.var;
  const took = putHeaders(c, requestId);
  if (status === 404) c.header("X-Opsgenie-Errortype", "RequestNotProcessed");
  const named = (error?.issues ?? []).map(({ path, message: why }) => [path || "body", why]);
  const errors = Object.fromEntries(named.length > 0 ? named : [["body", message]]);
  const told = { message: words[status] ?? message, took, requestId };
  return c.json(status === 422 ? { ...told, errors } : told, status);
};
