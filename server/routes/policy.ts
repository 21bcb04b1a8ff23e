import { Hono, type Context as HonoContext } from "hono";
import * as v from "valibot";
import { Limit } from "../../shared/queue.ts";
import type { Deps } from "../context.ts";
import { InvalidError, ServiceError } from "../errors.ts";
import { bodyText } from "../intake/decode-body.ts";
import type { Notation } from "../services/policy/read-document.ts";
import { savePolicy } from "../services/policy/save-policy.ts";
import { listPolicyVersions, showPolicy, showPolicyVersion } from "../services/policy/show-policy.ts";
import type { AppEnv } from "./app-env.ts";
import { valid } from "./valid.ts";

const Version = v.pipe(v.string(), v.regex(/^\d{1,9}$/, "a number"), v.transform(Number));
const VersionsQuery = v.object({ limit: Limit, cursor: v.optional(Version) });

/** The policy and its versions, for `/api/v1/policy` behind the guard. */
export function policyRoutes(deps: Pick<Deps, "refreshPolicy">) {
  return new Hono<AppEnv>()
    .get("/", async (c) => {
      const policy = await showPolicy(c.var.ctx);
      return c.json(policy, 200, { ETag: `"${policy.version}"` });
    })
    .put("/", async (c) => {
      const request = {
        text: bodyText(Buffer.from(await c.req.arrayBuffer())),
        notation: notationOf(c),
        expected: expectedVersion(c.req.header("If-Match")),
      };
      const policy = await savePolicy(c.var.ctx, deps, request);
      return c.json(policy, 200, { ETag: `"${policy.version}"` });
    })
    .get("/versions", valid("query", VersionsQuery), async (c) =>
      c.json(await listPolicyVersions(c.var.ctx, c.req.valid("query")), 200),
    )
    .get("/versions/:version", valid("param", v.object({ version: Version })), async (c) =>
      c.json(await showPolicyVersion(c.var.ctx, c.req.valid("param").version), 200),
    );
}

function notationOf(c: HonoContext<AppEnv>): Notation {
  const type = (c.req.header("Content-Type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (type === "application/json" || type === "") return "json";
  if (/^(?:application|text)\/(?:x-)?yaml$/.test(type)) return "yaml";
  throw new ServiceError(
    "unsupported_type",
    `the content type ${type.slice(0, 64)} is not taken; application/json and application/yaml are`,
  );
}

/** The number in an ETag of `GET`; `*` and none take whatever is there. */
function expectedVersion(ifMatch: string | undefined): number | null {
  if (ifMatch === undefined || ifMatch.trim() === "*") return null;
  const [, version] = /^(?:W\/)?"?(\d{1,9})"?$/.exec(ifMatch.trim()) ?? [];
  if (version !== undefined) return Number(version);
  const message = 'the ETag of a policy, such as "3"';
  throw new InvalidError(`If-Match: ${message}`, [{ path: "If-Match", message }]);
}
