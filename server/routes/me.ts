import { Hono } from "hono";
import { type Me, scopeNames } from "../../shared/access.ts";
import type { Actor } from "../context.ts";
import type { AppEnv } from "./app-env.ts";

/** Who the caller is, for `/api/v1/me` behind the guard. */
export function meRoutes() {
  return new Hono<AppEnv>().get("/", (c) => c.json(describe(c.var.actor)));
}

function describe({ id, name, role, scopes, environments, services }: Actor): Me {
  return {
    id,
    name,
    role,
    scopes: scopeNames.filter((scope) => scopes.has(scope)),
    environments: environments && [...environments],
    services: services && [...services],
  };
}
