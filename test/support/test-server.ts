import { type AppOptions, createApp } from "../../server/app.ts";
import { adminActor } from "../../server/auth/actors.ts";
import { requestContext } from "../../server/auth/request-context.ts";
import type { Actor, Context, Deps } from "../../server/context.ts";
import type { Store } from "../../server/db/client.ts";
import { readEnv } from "../../server/env.ts";
import { createBacklog } from "../../server/intake/backlog.ts";
import { createIntake } from "../../server/intake/intake.ts";
import { readLog } from "../../server/intake/log.ts";
import { createRecentChunks, type RecentChunks } from "../../server/intake/recent-chunks.ts";
import { createHub } from "../../server/live/hub.ts";
import type { LogFields } from "../../server/log.ts";
import { createObserve } from "../../server/observe/observe.ts";
import { holdPolicy } from "../../server/services/policy/hold-policy.ts";
import { type ApplyParts, applyLog, readWatermark } from "../../server/services/triage/apply-log.ts";
import { createGroupCache } from "../../server/services/triage/group-cache.ts";
import { createContentReader } from "../../server/triage/content.ts";
import type { ScopeName } from "../../shared/access.ts";
import type { ActionAnswer, ActionName } from "../../shared/actions.ts";
import type { IntakeAnswer } from "../../shared/alert.ts";
import type { ErrorBody } from "../../shared/failure.ts";
import type { ItemDetail } from "../../shared/group.ts";
import type { Policy } from "../../shared/policy.ts";
import { openTestStore } from "./store.ts";

const adminToken = "the-administrators-token-of-a-test";
export const startOfTime = Date.parse("2026-03-02T09:00:00Z");

export interface TestServerOptions {
  store?: Store;
  mostBacklog?: number;
  heartbeatMs?: number;
  /** Stands for the servers of other people. */
  fetch?: typeof fetch;
}

/** Somebody with a token of their own. */
export interface Client {
  token: string;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
}

export interface Rights {
  scopes?: ScopeName[];
  environments?: string[] | null;
  services?: string[] | null;
}

export type TestServer = Awaited<ReturnType<typeof startTestServer>>;

/** The whole server over a store of this test file, without a socket and with a clock that stands until moved. */
export async function startTestServer(options: TestServerOptions = {}) {
  const store = options.store ?? (await openTestStore());
  const time = { now: startOfTime };
  const logged: { level: string; type: string; fields: LogFields }[] = [];
  const held = await holdPolicy(store.db);
  let policy: Policy | null = null;
  const clock = () => time.now;
  const recent = createRecentChunks();
  const backlog = createBacklog(store.pool, options.mostBacklog ?? 1_000_000);
  const committed = { listener: () => {} };
  const observe = createObserve();
  const deps: Deps = {
    store,
    clock,
    hub: createHub(),
    intake: createIntake({ store, clock, backlog, recent, observe, committed: () => committed.listener() }),
    observe,
    log: (level, type, fields = {}) => void logged.push({ level, type, fields }),
    env: { ...readEnv({}), adminToken },
    fetch: options.fetch ?? refuseToReach,
    policy: () => policy ?? held.current(),
    refreshPolicy: held.refresh,
  };
  const appOptions: AppOptions = { pages: null };
  if (options.heartbeatMs !== undefined) appOptions.heartbeatMs = options.heartbeatMs;
  const app = createApp(deps, appOptions);
  const cache = createGroupCache();
  const triage = async () => triageAll(deps, recent, cache);
  const clientOf = (token: string): Client => ({
    token,
    get: async (path, headers = {}) => app.request(path, { headers: { ...bearer(token), ...headers } }),
    post: async (path, body = {}, headers = {}) =>
      app.request(path, {
        method: "POST",
        headers: { ...bearer(token), ...jsonType, ...headers },
        ...bodyOf(body),
      }),
  });
  const admin = clientOf(adminToken);

  return {
    app,
    deps,
    store,
    recent,
    backlog,
    logged,
    admin,
    committed,
    /** Triages all that is committed, at once. */
    triage,
    now: clock,
    pass: (ms: number) => {
      time.now += ms;
    },
    setPolicy: (next: Policy) => {
      policy = next;
    },
    /** A context as a request of this actor gets it. */
    as: (actor: Partial<Actor> = {}): Context => requestContext(deps, { ...adminActor, ...actor }, "a-test"),
    /** A client with an API token; its name is what people see. */
    client: async (
      name: string,
      { scopes = analystScopes, environments = null, services = null }: Rights = {},
    ) => {
      const body = { name, scopes, environments, services, expiresIn: "365d" };
      const { token } = await read<{ token: string }>(await admin.post("/api/v1/tokens", body));
      return clientOf(token);
    },
    /** Sends alerts, triages them and gives the group of each. */
    send: async (...alerts: Record<string, unknown>[]): Promise<string[]> => {
      const sending = admin.post("/api/v1/alerts", alerts.map(alertOf), { Prefer: "wait=20" });
      await until(async () => (backlog.alerts > 0 ? true : null));
      await triage();
      const { groups } = await read<IntakeAnswer>(await sending);
      return (groups ?? []).map(({ group }) => group);
    },
    detail: async (id: string) => read<ItemDetail>(await admin.get(`/api/v1/items/${id}`)),
    close: () => store.close(),
  };
}

async function refuseToReach(): Promise<Response> {
  throw new Error("this test reaches no other server");
}

export const analystScopes: ScopeName[] = ["queue:read", "queue:act", "reports:read"];

async function triageAll(
  { store, hub, policy, intake }: Deps,
  recent: RecentChunks,
  cache: ApplyParts["cache"],
): Promise<void> {
  const contentOf = createContentReader(policy());
  let watermark = await readWatermark(store);
  for (;;) {
    const chunks = await readLog(store.pool, recent, watermark, 10_000);
    if (chunks.length === 0) return;
    watermark = await applyLog({ store, policy: policy(), cache, contentOf }, watermark, chunks);
    intake.backlog.add(-chunks.reduce((sum, { places }) => sum + places, 0));
    hub.poke();
  }
}

let made = 0;

/** An alert of a detector of its own in production, ranked P1, but for what is given. */
export function alertOf(fields: Record<string, unknown> = {}): Record<string, unknown> {
  made += 1;
  return {
    source: "probe",
    rule: `rule-${made}`,
    title: `Something happened ${made}`,
    severity: "critical",
    environment: "production",
    ...fields,
  };
}

const jsonType = { "Content-Type": "application/json" };

export const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

function bodyOf(body: unknown): { body: BodyInit } {
  const isRaw = typeof body === "string" || body instanceof Uint8Array;
  return { body: isRaw ? new Uint8Array(Buffer.from(body)) : JSON.stringify(body) };
}

/** A test says which answer it reads. */
export async function read<T>(answer: Response): Promise<T> {
  return (await answer.json()) as T;
}

export async function errorOf(answer: Response): Promise<ErrorBody["error"]> {
  return (await read<ErrorBody>(answer)).error;
}

/** Status and code of a refusal, or the status alone. */
export async function outcome(answer: Response): Promise<string> {
  return answer.ok ? String(answer.status) : `${answer.status} ${(await errorOf(answer)).code}`;
}

export const act = (client: Client, id: string, verb: ActionName, input: unknown = {}) =>
  client.post(`/api/v1/items/${id}/${verb}`, input);

/** @throws Error unless the action was done */
export async function done(answering: Promise<Response>): Promise<ActionAnswer> {
  const answer = await answering;
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  return read(answer);
}

/** Asks again until there is an answer that is not null. */
export async function until<T>(ask: () => Promise<T | null>, ms = 10_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await ask();
    if (found !== null) return found;
    if (Date.now() > end) throw new Error("it did not happen in time");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const tables = [
  ...["action", "action_item", "alert_index", "alert_log", "audit", "detector", "idempotency", "item"],
  ...["item_entity", "item_event", "note", "quarantine", "tally"],
];

/** Takes away all alerts and what came of them; credentials stay. */
export async function emptyStore({ pool }: Store): Promise<void> {
  await pool.query(`truncate ${tables.join(", ")}`);
}
