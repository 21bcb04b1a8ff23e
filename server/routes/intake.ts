import { Hono, type Context as HonoContext } from "hono";
import { type Format, formats } from "../../shared/alert.ts";
import type { Policy } from "../../shared/policy.ts";
import type { Sns } from "../auth/sns.ts";
import type { Deps } from "../context.ts";
import { ServiceError } from "../errors.ts";
import { type AlertsRequest, acceptAlerts } from "../services/alerts/accept-alerts.ts";
import type { AppEnv } from "./app-env.ts";
import { eventHeaders } from "./cloud-event.ts";
import { withSns } from "./sns-headers.ts";

/** `POST /alerts`, `POST /ingest` and `POST /ingest/{format}`. */
export function intakeRoutes({ intake, policy }: Pick<Deps, "intake" | "policy">, sns: Sns) {
  const ingest = async (c: HonoContext<AppEnv>) => {
    const request = withSns(await requestedAlerts(c, policy()), sns, c.req);
    return c.json(await acceptAlerts(c.var.ctx, intake, request), 202);
  };
  return new Hono<AppEnv>()
    .post("/alerts", async (c) =>
      c.json(await acceptAlerts(c.var.ctx, intake, await alertsRequest(c, "alert")), 202),
    )
    .post("/ingest", ingest)
    .post("/ingest/:format", ingest);
}

/** What a request holds by the name in its path, of a mapping or of a format; without one it is found out. */
export async function requestedAlerts(c: HonoContext<AppEnv>, { intake }: Policy): Promise<AlertsRequest> {
  const name = c.req.param("format");
  if (name === undefined) return alertsRequest(c, "auto");
  // First, so that a format of a later release cannot take a mapping's name away.
  const mapping = intake.mappings.find((one) => one.name === name);
  const format = formats.find((one) => one === name);
  if (mapping === undefined && format === undefined) {
    return { ...(await alertsRequest(c, "generic")), problem: unknownFormat(name, intake.mappings) };
  }
  if (mapping === undefined) return alertsRequest(c, format ?? "generic");
  return { ...(await alertsRequest(c, "generic")), mapping };
}

export async function alertsRequest(c: HonoContext<AppEnv>, format: Format | "auto"): Promise<AlertsRequest> {
  const event = format === "auto" || format === "cloudevents" ? eventHeaders(c.req) : undefined;
  return {
    format: event === undefined ? format : "cloudevents",
    ...(event !== undefined && { event }),
    body: Buffer.from(await c.req.arrayBuffer()),
    contentType: c.req.header("Content-Type") ?? null,
    contentEncoding: c.req.header("Content-Encoding") ?? null,
    wait: waitOf(c.req.header("Prefer")),
  };
}

function unknownFormat(name: string, mappings: readonly { name: string }[]): ServiceError {
  const known = [...formats, ...mappings.map((mapping) => mapping.name)];
  return new ServiceError(
    "unknown_format",
    `no format is named ${name.slice(0, 64)}; there are ${known.join(", ")}`,
  );
}

/** `Prefer: wait=5` (RFC 7240), in milliseconds, 30 seconds at the most. */
function waitOf(prefer?: string): number | null {
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,4})/i.exec(prefer ?? "")?.[1];
  return seconds === undefined ? null : Math.min(30, Number(seconds)) * 1_000;
}
