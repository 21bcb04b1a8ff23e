import { Hono } from "hono";
import { ReportQuery } from "../../shared/report.ts";
import { reportFunnel } from "../services/reports/report-funnel.ts";
import { reportGrid } from "../services/reports/report-grid.ts";
import type { AppEnv } from "./app-env.ts";
import { valid } from "./valid.ts";

export const reportRoutes = new Hono<AppEnv>()
  .get("/funnel", valid("query", ReportQuery), async (c) =>
    c.json(await reportFunnel(c.var.ctx, c.req.valid("query")), 200),
  )
  .get("/grid", async (c) => c.json(await reportGrid(c.var.ctx), 200));
