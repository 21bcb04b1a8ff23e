import { Hono } from "hono";
import { systemActor } from "../../server/auth/actors.ts";
import { guard } from "../../server/auth/guard.ts";
import { requestContext } from "../../server/auth/request-context.ts";
import type { Store } from "../../server/db/client.ts";
import { type Env, readEnv } from "../../server/env.ts";
import { ServiceError } from "../../server/errors.ts";
import { createHub } from "../../server/live/hub.ts";
import type { LogFields } from "../../server/log.ts";
import type { AppEnv } from "../../server/routes/app-env.ts";
import { authRoutes } from "../../server/routes/auth.ts";
import { meRoutes } from "../../server/routes/me.ts";
import { tokenRoutes } from "../../server/routes/tokens.ts";
import { createSignInLink } from "../../server/services/access/create-sign-in-link.ts";
import type { ScopeName, TokenAnswer, TokenCreated } from "../../shared/access.ts";
import { defaultPolicy } from "../../shared/policy.ts";

export const adminToken = "the-administrators-token-of-a-test";
export const ownOrigin = "http://quietwatch.example";

/** Everything of sign-in and tokens over one store, with a clock that stands until it is moved. */
export function buildAccessApp(store: Store, overrides: Partial<Env> = {}) {
  let now = Date.parse("2026-03-02T09:00:00Z");
  const logged: { type: string; fields: LogFields }[] = [];
  const deps = {
    // A store of its own to the memory of credentials, so that no test sees what another one left there.
    store: { ...store },
    clock: () => now,
    hub: createHub(),
    policy: () => defaultPolicy,
    fetch,
    env: { ...readEnv({}), adminToken, publicUrl: ownOrigin, ...overrides },
    log: (_level: string, type: string, fields: LogFields = {}) => void logged.push({ type, fields }),
  };
  let requests = 0;
  const app = new Hono<AppEnv>()
    .use(async (c, next) => {
      requests += 1;
      c.set("requestId", `request-${requests}`);
      await next();
    })
    .route("/api/v1/auth", authRoutes(deps))
    .get("/basic", guard(deps, { basic: true }), (c) => c.text(c.var.actor.name))
    .use("/api/v1/*", guard(deps))
    .route("/api/v1/me", meRoutes())
    .route("/api/v1/tokens", tokenRoutes(deps))
    .onError((error, c) => {
      if (!(error instanceof ServiceError)) throw error;
      const { code, message } = error;
      return c.json({ error: { code, message, requestId: c.var.requestId } }, error.status);
    });

  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    app.request(`${ownOrigin}/api/v1${path}`, {
      method,
      headers: { Host: "quietwatch.example", ...(body !== undefined && jsonType), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  return {
    app,
    deps,
    logged,
    send,
    system: requestContext(deps, systemActor, "a-test"),
    pass: (ms: number) => {
      now += ms;
    },
    now: () => now,
  };
}

export type AccessApp = ReturnType<typeof buildAccessApp>;

const jsonType = { "Content-Type": "application/json" };

export const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

/** A signed-in browser's headers. */
export async function signIn(access: AccessApp, name: string): Promise<{ Cookie: string; Origin: string }> {
  const link = await createSignInLink(access.system, { name }, ownOrigin);
  const answer = await access.send("POST", "/auth/link", { token: link.url.split("#")[1] });
  const [cookie = ""] = (answer.headers.get("Set-Cookie") ?? "").split(";");
  return { Cookie: cookie, Origin: ownOrigin };
}

/** A paired extension's tokens. */
export async function pair(access: AccessApp, person: Record<string, string>): Promise<TokenAnswer> {
  const started = await read<{ device_code: string; user_code: string }>(
    await access.send("POST", "/auth/device", {}),
  );
  await access.send("POST", "/auth/device/approve", { userCode: started.user_code, approve: true }, person);
  return read(await exchange(access, started.device_code));
}

export const exchange = (access: AccessApp, deviceCode: string) =>
  access.send("POST", "/auth/token", {
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    device_code: deviceCode,
  });

export const refresh = (access: AccessApp, refreshToken: string) =>
  access.send("POST", "/auth/token", { grant_type: "refresh_token", refresh_token: refreshToken });

export async function createToken(
  access: AccessApp,
  scopes: ScopeName[],
  input: Record<string, unknown> = {},
): Promise<TokenCreated> {
  const body = { name: "a token", scopes, ...input };
  return read(await access.send("POST", "/tokens", body, bearer(adminToken)));
}

/** A test says which answer it reads. */
export async function read<T>(answer: Response): Promise<T> {
  return (await answer.json()) as T;
}

export async function codeOf(answer: Response): Promise<string> {
  return (await read<{ error: { code: string } }>(answer)).error.code;
}

/** Verbs of the audit since the beginning, oldest first, with who did it. */
export async function audited(store: Store): Promise<[verb: string, actor: string][]> {
  const { rows } = await store.pool.query("select verb, actor_name from audit order by ctid");
  return rows.map((row) => [String(row.verb), String(row.actor_name)]);
}

/** Every row of every table that access writes, as text. */
export async function everythingStored(store: Store): Promise<string> {
  const tables = ["person", "credential", "sign_in_link", "pairing", "audit", "idempotency"];
  const dumps = await Promise.all(
    tables.map((table) => store.pool.query(`select coalesce(json_agg(t)::text, '') as dump from ${table} t`)),
  );
  return dumps.map(({ rows }) => String(rows[0]?.dump)).join("\n");
}

export async function emptyAccess(store: Store): Promise<void> {
  await store.pool.query("truncate person, credential, sign_in_link, pairing, audit, idempotency");
}
