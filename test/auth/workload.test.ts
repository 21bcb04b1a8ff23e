import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { IntakeAnswer } from "../../shared/alert.ts";
import type { Workload } from "../../shared/intake-policy.ts";
import { defaultPolicy } from "../../shared/policy.ts";
import {
  alertOf,
  bearer,
  emptyStore,
  errorOf,
  outcome,
  read,
  startTestServer,
  type TestServer,
} from "../support/test-server.ts";

const google = "https://accounts.google.com";
const audience = "https://quietwatch.example.com/api/v1/ingest/gcp-logging";
const account = "push@shop-prod.iam.gserviceaccount.com";

let server: TestServer;
let provider: Server;
let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let others: Awaited<ReturnType<typeof generateKeyPair>>;
let fetched = 0;
let isDown = false;

/** An identity provider that serves its public keys. */
async function startProvider(): Promise<string> {
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: "k1", alg: "RS256", use: "sig" };
  provider = createServer((_request, response) => {
    fetched += 1;
    response.writeHead(isDown ? 500 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((done) => provider.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(provider.address() as AddressInfo).port}/certs`;
}

function trust(jwksUrl: string, ...workloads: Partial<Workload>[]) {
  const full = workloads.map((one): Workload => {
    const names = { emails: [], subjects: [], severityCeiling: null };
    return { issuer: google, jwksUrl, audience, ...names, ...one };
  });
  server.setPolicy({ ...defaultPolicy, intake: { ...defaultPolicy.intake, workloads: full } });
}

let jwksUrl = "";
beforeAll(async () => {
  keys = await generateKeyPair("RS256");
  others = await generateKeyPair("RS256");
  server = await startTestServer({ fetch });
  jwksUrl = await startProvider();
});
afterAll(async () => {
  provider.closeAllConnections();
  await new Promise((done) => provider.close(done));
  await server.close();
});
beforeEach(async () => {
  isDown = false;
  server.logged.length = 0;
  trust(jwksUrl, { emails: ["push@*.iam.gserviceaccount.com"] });
  await emptyStore(server.store);
});

const inAnHour = () => Math.floor(server.now() / 1_000) + 3_600;

function token(
  claims: Record<string, unknown> = {},
  { key = keys.privateKey, alg = "RS256", kid = "k1" } = {},
) {
  const whole = { iss: google, aud: audience, sub: "1158", email: account, email_verified: true, ...claims };
  return new SignJWT({ exp: inAnHour(), ...whole }).setProtectedHeader({ alg, kid, typ: "JWT" }).sign(key);
}

const send = async (jwt: string, path = "/api/v1/alerts", body: unknown = alertOf()) =>
  server.app.request(path, {
    method: "POST",
    headers: { ...bearer(jwt), "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

describe("a workload that the policy names", () => {
  it("writes alerts, and they are its own", async () => {
    const answer = await send(await token());
    expect(await read<IntakeAnswer>(answer)).toMatchObject({ accepted: 1 });
    const me = await server.app.request("/api/v1/me", { headers: bearer(await token()) });
    expect(await read(me)).toMatchObject({ name: account, role: "detector", scopes: ["alerts:write"] });
  });

  it("pushes from Pub/Sub", async () => {
    const entry = {
      logName: "projects/shop-prod/logs/app",
      resource: { type: "global", labels: { project_id: "shop-prod" } },
      timestamp: "2026-03-02T08:59:00Z",
      severity: "ERROR",
      insertId: "i1",
      textPayload: "something broke",
    };
    const data = Buffer.from(JSON.stringify(entry)).toString("base64");
    const push = { message: { data, messageId: "m1" }, subscription: "projects/shop-prod/subscriptions/s" };
    expect(await outcome(await send(await token(), "/api/v1/ingest/gcp-logging", push))).toBe("202");
  });

  it("may do nothing else", async () => {
    const jwt = await token();
    for (const path of ["/api/v1/queue", "/api/v1/policy", "/api/v1/tokens"]) {
      const answer = await server.app.request(path, { headers: bearer(jwt) });
      expect(await outcome(answer)).toBe("403 not_allowed");
    }
  });

  it("is held to its ceiling", async () => {
    trust(jwksUrl, { emails: [account], severityCeiling: "low" });
    await send(await token(), "/api/v1/alerts", alertOf({ severity: "critical" }));
    await server.triage();
    const { rows } = await server.store.pool.query("select severity from item");
    expect(rows).toEqual([{ severity: "low" }]);
  });

  it("may be of any issuer, known by its subject", async () => {
    const issuer = "https://token.ci.example.com";
    trust(jwksUrl, { issuer, audience: "quietwatch", subjects: ["repo:shop/*:ref:refs/heads/main"] });
    const claims = { iss: issuer, aud: ["other", "quietwatch"], email: undefined };
    const main = await token({ ...claims, sub: "repo:shop/api:ref:refs/heads/main" });
    expect(await outcome(await send(main))).toBe("202");
    const branch = await token({ ...claims, sub: "repo:shop/api:ref:refs/heads/try" });
    expect(await outcome(await send(branch))).toBe("403 not_allowed");
  });

  it("may have its issuer without the scheme, as Google writes it at times", async () => {
    expect(await outcome(await send(await token({ iss: "accounts.google.com" })))).toBe("202");
  });

  it("costs one look at the keys for many tokens", async () => {
    await send(await token());
    const before = fetched;
    for (let i = 0; i < 5; i += 1) await send(await token({ jti: String(i) }));
    expect(fetched).toBe(before);
  });
});

describe("a token that is refused", () => {
  const hour = 3_600;
  const cases: [string, () => Promise<string>, string][] = [
    ["of an issuer nobody named", () => token({ iss: "https://evil.example.com" }), "401 unauthenticated"],
    ["signed by another", () => token({}, { key: others.privateKey }), "401 unauthenticated"],
    ["of an unknown key", () => token({}, { key: others.privateKey, kid: "k2" }), "401 unauthenticated"],
    ["that has expired", () => token({ exp: inAnHour() - 2 * hour }), "401 sign_in_expired"],
    ["that never expires", () => token({ exp: undefined }), "401 unauthenticated"],
    ["that is not valid yet", () => token({ nbf: inAnHour() }), "401 unauthenticated"],
    ["for another audience", () => token({ aud: "https://example.com" }), "403 not_allowed"],
    ["of another account", () => token({ email: "someone@example.com" }), "403 not_allowed"],
    ["of an address nobody verified", () => token({ email_verified: false }), "403 not_allowed"],
    ["whose address is verified in words only", () => token({ email_verified: "true" }), "403 not_allowed"],
    ["in capitals", () => token({ email: account.toUpperCase() }), "403 not_allowed"],
  ];
  it.each(cases)("%s", async (_what, make, expected) => {
    const answer = await send(await make());
    expect(await outcome(answer)).toBe(expected);
    expect(server.logged.map(({ type }) => type)).toContain("auth.workload.refused");
  });

  it("with no signature, or one by a shared secret", async () => {
    const [, payload = ""] = (await token()).split(".");
    const none = Buffer.from('{"alg":"none","kid":"k1"}').toString("base64url");
    expect(await outcome(await send(`${none}.${payload}.AAAA`))).toBe("401 unauthenticated");
    const secret = new SignJWT({
      iss: google,
      aud: audience,
      exp: inAnHour(),
      email: account,
      email_verified: true,
    });
    const weak = await secret.setProtectedHeader({ alg: "HS256", kid: "k1" }).sign(Buffer.alloc(32, 1));
    expect(await outcome(await send(weak))).toBe("401 unauthenticated");
  });

  it("in a cookie, in an address or as a password", async () => {
    const jwt = await token();
    const body = JSON.stringify(alertOf());
    const ask = (path: string, headers: Record<string, string>) =>
      server.app.request(path, { method: "POST", headers, body });
    const basic = Buffer.from(`x:${jwt}`).toString("base64");
    expect((await ask(`/hooks/${jwt}/alert`, {})).status).toBe(401);
    expect((await ask("/api/v1/alerts", { Cookie: `quietwatch_session=${jwt}` })).status).toBe(401);
    const alertmanager = "/compat/alertmanager/api/v2/alerts";
    expect((await ask(alertmanager, { Authorization: `Basic ${basic}` })).status).toBe(401);
  });

  it("once the policy names it no more", async () => {
    const jwt = await token();
    expect(await outcome(await send(jwt))).toBe("202");
    server.setPolicy(defaultPolicy);
    expect(await outcome(await send(jwt))).toBe("401 unauthenticated");
  });
});

it("keys that cannot be had now are a reason to send again", async () => {
  const fresh = await startTestServer({ fetch });
  fresh.setPolicy(server.deps.policy());
  isDown = true;
  const jwt = await token();
  const ask = () =>
    fresh.app.request("/api/v1/alerts", {
      method: "POST",
      headers: bearer(jwt),
      body: JSON.stringify(alertOf()),
    });
  const answer = await ask();
  expect([answer.status, answer.headers.get("Retry-After")]).toEqual([503, "5"]);
  expect((await errorOf(answer)).message).toMatch(/keys/);
  isDown = false;
  expect((await ask()).status).toBe(202);
  await fresh.close();
});
