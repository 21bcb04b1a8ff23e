import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../server/db/client.ts";
import type { DeviceAnswer, TokenAnswer } from "../../shared/access.ts";
import { openTestStore } from "../support/store.ts";
import {
  type AccessApp,
  adminToken,
  audited,
  bearer,
  buildAccessApp,
  codeOf,
  createToken,
  emptyAccess,
  everythingStored,
  exchange,
  ownOrigin,
  pair,
  read,
  signIn,
} from "./access-app.ts";

let store: Store;
let access: AccessApp;
let mira: Record<string, string>;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  await emptyAccess(store);
  access = buildAccessApp(store);
  mira = await signIn(access, "Mira");
});

const start = async (input: object = {}) =>
  read<DeviceAnswer>(await access.send("POST", "/auth/device", input));
const show = (code: string, who = mira) =>
  access.send("GET", `/auth/device/${encodeURIComponent(code)}`, undefined, who);
const decide = (userCode: string, approve = true, who = mira) =>
  access.send("POST", "/auth/device/approve", { userCode, approve }, who);
const me = (token: string) => access.send("GET", "/me", undefined, bearer(token));

/** Status and body of an answer in the OAuth shape. */
async function oauthError(answer: Response): Promise<[number, string]> {
  expect(answer.headers.get("Cache-Control")).toBe("no-store");
  const body = await read<{ error: string; error_description: string }>(answer);
  expect(Object.keys(body).sort()).toEqual(["error", "error_description"]);
  return [answer.status, body.error];
}

describe("pairing", () => {
  it("begins with two codes, of which only the short one is stored", async () => {
    const answer = await access.send("POST", "/auth/device", { client_id: "quietwatch-extension" });
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    const started = await read<DeviceAnswer>(answer);
    expect(started.user_code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect(started).toEqual({
      device_code: expect.stringMatching(/^qw_dev_[\w-]{43}$/),
      user_code: started.user_code,
      verification_uri: `${ownOrigin}/pair`,
      verification_uri_complete: `${ownOrigin}/pair?code=${started.user_code}`,
      expires_in: 600,
      interval: 5,
    });
    expect(await everythingStored(store)).not.toContain(started.device_code.slice("qw_dev_".length));
  });

  it("names the address it was asked under when no public one is set", async () => {
    access = buildAccessApp(store, { publicUrl: null });
    const answer = await access.app.request("http://127.0.0.1:8787/api/v1/auth/device", { method: "POST" });
    expect((await read<DeviceAnswer>(answer)).verification_uri).toBe("http://127.0.0.1:8787/pair");
  });

  it("lets the extension in under the person's role once the person says so", async () => {
    const started = await start();
    expect(await oauthError(await exchange(access, started.device_code))).toEqual([
      400,
      "authorization_pending",
    ]);
    const shown = await read(await show(started.user_code));
    expect(shown).toMatchObject({
      client: "quietwatch-extension",
      userCode: started.user_code,
      expiresAt: "2026-03-02T09:10:00.000Z",
    });
    const decision = await decide(started.user_code.toLowerCase().replace("-", " "));
    expect(await read(decision)).toEqual({ client: "quietwatch-extension", approved: true });
    const answer = await exchange(access, started.device_code);
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    const tokens = await read<TokenAnswer>(answer);
    expect(tokens).toEqual({
      access_token: expect.stringMatching(/^qw_acc_[\w-]{43}$/),
      token_type: "Bearer",
      expires_in: 3_600,
      refresh_token: expect.stringMatching(/^qw_ref_[\w-]{43}$/),
    });
    expect(await read(await me(tokens.access_token))).toMatchObject({ name: "Mira", role: "admin" });
    expect((await audited(store)).slice(2)).toEqual([
      ["pairing.start", "nobody signed in"],
      ["pairing.approve", "Mira"],
      ["sign-in", "Mira"],
    ]);
    const stored = await everythingStored(store);
    expect(stored).not.toContain(tokens.access_token.slice("qw_acc_".length));
    expect(stored).not.toContain(tokens.refresh_token.slice("qw_ref_".length));
  });

  it("gives tokens once, also when asked twice at once", async () => {
    const started = await start();
    await decide(started.user_code);
    const answers = await Promise.all([
      exchange(access, started.device_code),
      exchange(access, started.device_code),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(await oauthError(await exchange(access, started.device_code))).toEqual([400, "invalid_grant"]);
    expect((await store.pool.query("select 1 from credential where kind = 'access'")).rowCount).toBe(1);
  });

  it("keeps the extension out when the person refuses", async () => {
    const started = await start();
    expect(await read(await decide(started.user_code, false))).toMatchObject({ approved: false });
    expect(await oauthError(await exchange(access, started.device_code))).toEqual([400, "access_denied"]);
    expect((await audited(store)).at(-1)).toEqual(["pairing.deny", "Mira"]);
  });

  it("is decided once, by one of two people who decide at once", async () => {
    const jonas = await signIn(access, "Jonas");
    const started = await start();
    const answers = await Promise.all([decide(started.user_code), decide(started.user_code, false, jonas)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const again = await decide(started.user_code);
    expect([again.status, await codeOf(again)]).toEqual([409, "conflict"]);
  });

  it("tells an extension that asks too often to slow down", async () => {
    const { device_code } = await start();
    const poll = async () => (await oauthError(await exchange(access, device_code)))[1];
    expect(await poll()).toBe("authorization_pending");
    access.pass(3_999);
    expect(await poll()).toBe("slow_down");
    access.pass(4_000);
    expect(await poll()).toBe("authorization_pending");
  });

  it("is over after ten minutes", async () => {
    const [late, tooLate] = [await start(), await start()];
    access.pass(600_000 - 1);
    expect((await decide(late.user_code)).status).toBe(200);
    access.pass(1);
    expect((await decide(tooLate.user_code)).status).toBe(404);
    expect(await oauthError(await exchange(access, late.device_code))).toEqual([400, "expired_token"]);
    expect(await oauthError(await exchange(access, tooLate.device_code))).toEqual([400, "expired_token"]);
  });

  it("is decided by people, not by tokens", async () => {
    const { user_code } = await start();
    const { token } = await createToken(access, ["queue:read", "queue:act", "tokens:manage"]);
    for (const who of [bearer(token), bearer(adminToken)]) {
      expect((await show(user_code, who)).status).toBe(403);
      expect((await decide(user_code, true, who)).status).toBe(403);
    }
    expect((await decide(user_code, true, {})).status).toBe(401);
    expect((await decide(user_code, true, { ...mira, Origin: "http://elsewhere.example" })).status).toBe(403);
    expect((await show(user_code)).status).toBe(200);
  });
});

describe("guessing", () => {
  it("of codes ends after five wrong ones in a minute, for that person alone", async () => {
    const jonas = await signIn(access, "Jonas");
    const { user_code } = await start();
    for (const code of ["BBBB-BBBB", "nonsense", "x".repeat(100), "BBBB-BBBC", "BBBB-BBBD"]) {
      expect((await show(code)).status).toBe(404);
    }
    for (const answer of [await show(user_code), await decide(user_code)]) {
      expect([answer.status, await codeOf(answer)]).toEqual([400, "slow_down"]);
    }
    expect((await show(user_code, jonas)).status).toBe(200);
    access.pass(60_001);
    expect((await decide(user_code)).status).toBe(200);
  });

  it("in a burst gains nothing", async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => decide("BBBB-BBBB")));
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(7);
  });

  it("of what may wait at once ends at a hundred pairings, until some are over", async () => {
    for (let i = 0; i < 100; i += 1) await start();
    const refused = await access.send("POST", "/auth/device", {});
    expect(refused.headers.get("Retry-After")).toBe("60");
    expect(await oauthError(refused)).toEqual([503, "temporarily_unavailable"]);
    access.pass(600_000);
    expect((await access.send("POST", "/auth/device", {})).status).toBe(200);
  });

  it("leaves no old pairings behind", async () => {
    await start();
    access.pass(25 * 3_600_000);
    await start();
    expect((await store.pool.query("select 1 from pairing")).rowCount).toBe(1);
  });
});

describe("the shape of OAuth", () => {
  const post = (path: string, type: string, body: string) =>
    access.app.request(`/api/v1/auth${path}`, { method: "POST", headers: { "Content-Type": type }, body });
  const form = "application/x-www-form-urlencoded";

  it.each([
    ["not JSON", "/token", "application/json", "{", "invalid_request"],
    ["no grant", "/token", "application/json", "{}", "invalid_request"],
    ["an array", "/token", "application/json", "[]", "invalid_request"],
    ["another grant", "/token", form, "grant_type=password&username=a", "unsupported_grant_type"],
    ["no device code", "/token", "application/json", `{"grant_type":"refresh_token"}`, "invalid_request"],
    ["an unknown refresh token", "/token", form, "grant_type=refresh_token&refresh_token=a", "invalid_grant"],
    ["nothing to revoke", "/revoke", form, "", "invalid_request"],
    ["a client with a line break", "/device", form, "client_id=a%0Ab", "invalid_request"],
    ["a client that turns its name around", "/device", form, "client_id=a%E2%80%AEb", "invalid_request"],
  ])("is kept for %s", async (_what, path, type, body, error) => {
    expect(await oauthError(await post(path, type, body))).toEqual([400, error]);
  });

  it("is kept for a body that is too large", async () => {
    expect(await oauthError(await post("/token", form, `x=${"a".repeat(20_000)}`))).toEqual([
      413,
      "invalid_request",
    ]);
  });

  it("takes a form as well as JSON", async () => {
    const started = await read<DeviceAnswer>(await post("/device", form, "client_id=a+browser"));
    expect(await read(await show(started.user_code))).toMatchObject({ client: "a browser" });
    await decide(started.user_code);
    const grant = encodeURIComponent("urn:ietf:params:oauth:grant-type:device_code");
    const answer = await post("/token", form, `grant_type=${grant}&device_code=${started.device_code}`);
    expect(answer.status).toBe(200);
  });
});

describe("revoking (RFC 7009)", () => {
  const revoke = (token: string) => access.send("POST", "/auth/revoke", { token });

  it.each(["access_token", "refresh_token"] as const)("by the %s ends both at once", async (which) => {
    const tokens = await pair(access, mira);
    expect((await me(tokens.access_token)).status).toBe(200);
    expect((await revoke(tokens[which])).status).toBe(200);
    expect((await me(tokens.access_token)).status).toBe(401);
    expect((await audited(store)).at(-1)).toEqual(["credential.revoke", "Mira"]);
    expect((await revoke(tokens[which])).status).toBe(200);
    expect((await audited(store)).filter(([verb]) => verb === "credential.revoke")).toHaveLength(1);
  });

  it("ends an API token that somebody found", async () => {
    const { token } = await createToken(access, ["queue:read"], { name: "leaked" });
    await revoke(token);
    expect((await me(token)).status).toBe(401);
    expect((await audited(store)).at(-1)).toEqual(["credential.revoke", "leaked"]);
  });

  it("of what is not known is no failure and leaves no trace", async () => {
    const before = await audited(store);
    expect((await revoke("something")).status).toBe(200);
    expect((await revoke(adminToken)).status).toBe(200);
    expect((await me(adminToken)).status).toBe(200);
    expect(await audited(store)).toEqual(before);
  });
});
