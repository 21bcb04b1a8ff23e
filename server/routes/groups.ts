import { Hono } from "hono";
import * as v from "valibot";
import {
  AcknowledgeInput,
  AnnotateInput,
  AssignInput,
  BulkInput,
  EscalateInput,
  ReopenInput,
  ResolveInput,
  SnoozeInput,
} from "../../shared/actions.ts";
import { Limit } from "../../shared/queue.ts";
import type { Deps } from "../context.ts";
import { alertsOfGroup } from "../services/alerts/alerts-of-group.ts";
import { acknowledge } from "../services/groups/acknowledge.ts";
import { annotate } from "../services/groups/annotate.ts";
import { assign } from "../services/groups/assign.ts";
import { bulk } from "../services/groups/bulk.ts";
import { escalate } from "../services/groups/escalate.ts";
import { listMembers } from "../services/groups/list-members.ts";
import { reopen } from "../services/groups/reopen.ts";
import { resolve } from "../services/groups/resolve.ts";
import { showItem } from "../services/groups/show-item.ts";
import { showTimeline } from "../services/groups/show-timeline.ts";
import { snooze } from "../services/groups/snooze.ts";
import type { AppEnv } from "./app-env.ts";
import { IdParam, valid } from "./valid.ts";

const TimelineParams = v.object({ limit: Limit, cursor: v.optional(v.pipe(v.string(), v.uuid())) });
const PageParams = v.object({ limit: Limit, cursor: v.optional(v.pipe(v.string(), v.maxLength(64))) });

/** Mounted under `/items` and `/groups`: every action works on any item. */
export function groupRoutes({ store }: Pick<Deps, "store">) {
  return new Hono<AppEnv>()
    .post("/bulk", valid("json", BulkInput), async (c) =>
      c.json(await bulk(c.var.ctx, c.req.valid("json")), 200),
    )
    .get("/:id", valid("param", IdParam), async (c) =>
      c.json(await showItem(c.var.ctx, c.req.valid("param").id), 200),
    )
    .get("/:id/members", valid("param", IdParam), valid("query", PageParams), async (c) =>
      c.json(await listMembers(c.var.ctx, c.req.valid("param").id, c.req.valid("query")), 200),
    )
    .get("/:id/timeline", valid("param", IdParam), valid("query", TimelineParams), async (c) =>
      c.json(await showTimeline(c.var.ctx, c.req.valid("param").id, c.req.valid("query")), 200),
    )
    .get("/:id/alerts", valid("param", IdParam), valid("query", PageParams), async (c) =>
      c.json(await alertsOfGroup(c.var.ctx, store, c.req.valid("param").id, c.req.valid("query")), 200),
    )
    .post("/:id/acknowledge", valid("param", IdParam), valid("json", AcknowledgeInput), async (c) =>
      c.json(await acknowledge(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .post("/:id/annotate", valid("param", IdParam), valid("json", AnnotateInput), async (c) =>
      c.json(await annotate(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .post("/:id/snooze", valid("param", IdParam), valid("json", SnoozeInput), async (c) =>
      c.json(await snooze(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .post("/:id/resolve", valid("param", IdParam), valid("json", ResolveInput), async (c) =>
      c.json(await resolve(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .post("/:id/assign", valid("param", IdParam), valid("json", AssignInput), async (c) =>
      c.json(await assign(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .post("/:id/escalate", valid("param", IdParam), valid("json", EscalateInput), async (c) =>
      c.json(await escalate(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .post("/:id/reopen", valid("param", IdParam), valid("json", ReopenInput), async (c) =>
      c.json(await reopen(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    );
}
