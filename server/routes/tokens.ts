import { Hono } from "hono";
import * as v from "valibot";
import { CreateTokenInput } from "../../shared/access.ts";
import { Limit } from "../../shared/queue.ts";
import { credentialsOf } from "../auth/credentials.ts";
import type { GuardDeps } from "../auth/guard.ts";
import { createToken } from "../services/access/create-token.ts";
import { listTokens } from "../services/access/list-tokens.ts";
import { revokeToken } from "../services/access/revoke-token.ts";
import type { AppEnv } from "./app-env.ts";
import { IdParam, valid } from "./valid.ts";

const TokensQuery = v.object({ limit: Limit, cursor: v.optional(v.pipe(v.string(), v.uuid())) });

/** API tokens, for `/api/v1/tokens` behind the guard. */
export function tokenRoutes(deps: Pick<GuardDeps, "store" | "clock" | "log">) {
  return new Hono<AppEnv>()
    .get("/", valid("query", TokensQuery), async (c) =>
      c.json(await listTokens(c.var.ctx, c.req.valid("query"))),
    )
    .post("/", valid("json", CreateTokenInput), async (c) =>
      c.json(await createToken(c.var.ctx, c.req.valid("json")), 201, { "Cache-Control": "no-store" }),
    )
    .delete("/:id", valid("param", IdParam), async (c) => {
      await revokeToken({ ...c.var.ctx, credentials: credentialsOf(deps) }, c.req.valid("param").id);
      return c.body(null, 204);
    });
}
