import { Hono, type Context as HonoContext } from "hono";
import { type Format, formats } from "../../shared/alert.ts";
import type { Deps } from "../context.ts";
import { ServiceError } from "../errors.ts";
import { type AlertsRequest, acceptAlerts } from "../services/alerts/accept-alerts.ts";
import type { AppEnv } from "./app-env.ts";
import { eventHeaders } from "./cloud-event.ts";

/** `POST /alerts`, `POST /ingest` and `POST /ingest/{format}`. */
export function intakeRoutes({ intake }: Pick<Deps, "intake">) {
  return new Hono<AppEnv>()
    .post("/alerts", async (c) =>
      c.json(await acceptAlerts(c.var.ctx, intake, await alertsRequest(c, "alert")), 202),
    )
    .post("/ingest", async (c) =>
      c.json(await acceptAlerts(c.var.ctx, intake, await alertsRequest(c, "auto")), 202),
    )
    .post("/ingest/:format", async (c) => {
      const request = await alertsRequest(c, knownFormat(c.req.param("format")));
      return c.json(await acceptAlerts(c.var.ctx, intake, request), 202);
    });
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

function knownFormat(name: string): Format {
  const format = formats.find((one) => one === name);
  if (format !== undefined) return format;
  throw new ServiceError(
    "unknown_format",
    `no format is named ${name.slice(0, 64)}; there are ${formats.join(", ")}`,
  );
}

/** `Prefer: wait=5` (RFC 7240), in milliseconds, 30 seconds at the most. */
function waitOf(prefer?: string): number | null {
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,4})/i.exec(prefer ?? "")?.[1];
  return seconds === undefined ? null : Math.min(30, Number(seconds)) * 1_000;
}
