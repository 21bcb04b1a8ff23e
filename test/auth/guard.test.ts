import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Store } from "../../server/db/client.ts";
import { openTestStore } from "../support/store.ts";
import {
  type AccessApp,
  adminToken,
  bearer,
  buildAccessApp,
  codeOf,
  createToken,
  emptyAccess,
  ownOrigin,
  pair,
  read,
  signIn,
} from "./access-app.ts";

let store: Store;
let access: AccessApp;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  await emptyAccess(store);
  access = buildAccessApp(store);
});

const me = (headers: Record<string, string> = {}) => access.send("GET", "/me", undefined, headers);
const statusAndCode = async (answer: Response) => [answer.status, await codeOf(answer)];

describe("who asks", () => {
  it.each([
    ["nothing", {}],
    ["an unknown token", bearer(`qw_api_${"A".repeat(43)}`)],
    ["a token of another form", bearer("let-me-in")],
    ["an empty token", { Authorization: "Bearer" }],
    ["the administrator's token with a letter changed", bearer(`${adminToken.slice(0, -1)}T`)],
    ["the beginning of the administrator's token", bearer(adminToken.slice(0, -1))],
    [
      "basic authentication where it was not asked for",
      { Authorization: `Basic ${btoa(`x:${adminToken}`)}` },
    ],
    ["an unknown session", { Cookie: `quietwatch_session=qw_ses_${"A".repeat(43)}` }],
  ])("is not known from %s", async (_what, headers) => {
    const answer = await me(headers);
    expect(answer.headers.get("WWW-Authenticate")).toBe("Bearer");
    expect(await statusAndCode(answer)).toEqual([401, "unauthenticated"]);
  });

  it("is the administrator with the token of the environment", async () => {
    const answer = await read<{ id: string; name: string; role: string; scopes: string[] }>(
      await me({ Authorization: `bearer ${adminToken}` }),
    );
    expect(answer).toMatchObject({ id: "admin-token", name: "administrator", role: "admin" });
    expect(answer.scopes).toHaveLength(8);
  });

  it("is nobody with that token when the environment has none", async () => {
    access = buildAccessApp(store, { adminToken: null });
    expect((await me(bearer(adminToken))).status).toBe(401);
    expect((await me(bearer("null"))).status).toBe(401);
  });

  it("is a person with a session or a paired extension's access token, under the role of now", async () => {
    const browser = await signIn(access, "Mira");
    const { access_token } = await pair(access, browser);
    expect(await read(await me(browser))).toMatchObject({ name: "Mira", role: "admin" });
    await store.pool.query("update person set role = 'viewer', environments = '{staging}'");
    access.pass(5_000);
    const now = { role: "viewer", scopes: ["queue:read", "reports:read"], environments: ["staging"] };
    expect(await read(await me(browser))).toMatchObject(now);
    expect(await read(await me(bearer(access_token)))).toMatchObject(now);
  });

  it("is nobody when a secret comes the wrong way", async () => {
    const browser = await signIn(access, "Mira");
    const session = browser.Cookie.split("=")[1] ?? "";
    const { access_token, refresh_token } = await pair(access, browser);
    for (const headers of [
      bearer(session),
      bearer(refresh_token),
      { Cookie: `quietwatch_session=${access_token}` },
      { Cookie: `quietwatch_session=${adminToken}` },
    ]) {
      expect(await statusAndCode(await me(headers))).toEqual([401, "unauthenticated"]);
    }
  });

  it("is never taken from the cookie beside a bearer token, even a wrong one", async () => {
    const browser = await signIn(access, "Mira");
    expect((await me({ ...browser, ...bearer("wrong") })).status).toBe(401);
    expect(await read(await me({ ...browser, ...bearer(adminToken) }))).toMatchObject({ id: "admin-token" });
    expect((await me({ ...browser, Authorization: "Basic Zm9vOmJhcg==" })).status).toBe(200);
  });

  it("may be an API token in a password where that was asked for", async () => {
    const { token } = await createToken(access, ["alerts:write"], { name: "prometheus" });
    const basic = (password: string) =>
      access.app.request("/basic", { headers: { Authorization: `Basic ${btoa(`anyone:${password}`)}` } });
    expect(await (await basic(token)).text()).toBe("prometheus");
    expect((await basic(`${token}x`)).status).toBe(401);
    expect((await basic("")).status).toBe(401);
  });

  it("is no longer known 12 hours after signing in", async () => {
    const browser = await signIn(access, "Mira");
    access.pass(12 * 3_600_000 - 1);
    expect((await me(browser)).status).toBe(200);
    access.pass(1);
    const answer = await me(browser);
    expect(answer.headers.get("WWW-Authenticate")).toBe("Bearer");
    expect(await statusAndCode(answer)).toEqual([401, "sign_in_expired"]);
  });
});

describe("the origin of a change made with a cookie", () => {
  const change = (headers: Record<string, string>) =>
    access.send("POST", "/tokens", { name: "x", scopes: ["queue:read"] }, headers);

  it.each([
    ["its own page", ownOrigin, 201],
    ["no page", undefined, 403],
    ["another site", "http://elsewhere.example", 403],
    ["another port", `${ownOrigin}:8080`, 403],
    ["the same name under another scheme", "https://quietwatch.example", 403],
    ["a sandboxed frame", "null", 403],
    ["a name that begins alike", `${ownOrigin}.elsewhere.example`, 403],
  ])("from %s", async (_what, origin, status) => {
    const { Cookie } = await signIn(access, "Mira");
    const answer = await change({ Cookie, ...(origin !== undefined && { Origin: origin }) });
    expect(answer.status).toBe(status);
    if (status === 403) expect(await codeOf(answer)).toBe("origin_refused");
  });

  it("may be the address that was asked for when no public one is set, under either scheme", async () => {
    access = buildAccessApp(store, { publicUrl: null });
    const { Cookie } = await signIn(access, "Mira");
    expect((await change({ Cookie, Origin: "https://quietwatch.example" })).status).toBe(201);
    expect((await change({ Cookie, Origin: "http://localhost:8787", Host: "localhost:8787" })).status).toBe(
      201,
    );
    expect((await change({ Cookie, Origin: "http://localhost:8787" })).status).toBe(403);
  });

  it("does not matter for reading, nor with a bearer token", async () => {
    const { Cookie } = await signIn(access, "Mira");
    expect((await me({ Cookie, Origin: "http://elsewhere.example" })).status).toBe(200);
    expect((await change({ ...bearer(adminToken), Origin: "moz-extension://1" })).status).toBe(201);
  });
});

describe("the memory of credentials", () => {
  it("spares the store for five seconds", async () => {
    const { token } = await createToken(access, ["queue:read"]);
    await me(bearer(token));
    await store.pool.query("update credential set scopes = '{alerts:write}'");
    access.pass(4_999);
    expect(await read(await me(bearer(token)))).toMatchObject({ scopes: ["queue:read"] });
    access.pass(1);
    expect(await read(await me(bearer(token)))).toMatchObject({ scopes: ["alerts:write"] });
  });

  it("asks the store once for requests that come together", async () => {
    const { token } = await createToken(access, ["queue:read"]);
    const query = vi.spyOn(store.pool, "query");
    const answers = await Promise.all(Array.from({ length: 50 }, () => me(bearer(token))));
    expect(answers.every((answer) => answer.status === 200)).toBe(true);
    const asked = query.mock.calls.filter(([text]) => JSON.stringify(text).includes('from \\"credential\\"'));
    query.mockRestore();
    expect(asked).toHaveLength(1);
  });

  it("asks the store nothing about what cannot be a secret of ours", async () => {
    const query = vi.spyOn(store.pool, "query");
    await me(bearer("eyJhbGciOiJub25lIn0.e30."));
    expect(query).not.toHaveBeenCalled();
    query.mockRestore();
  });

  it("notes the last use at most once a minute", async () => {
    const { token } = await createToken(access, ["queue:read"]);
    const lastUse = async () => {
      const { rows } = await store.pool.query("select last_used_at from credential");
      return rows[0]?.last_used_at?.getTime() ?? null;
    };
    const first = access.now();
    await me(bearer(token));
    await expect.poll(lastUse).toBe(first);
    access.pass(59_999);
    await me(bearer(token));
    await me(bearer(token));
    expect(await lastUse()).toBe(first);
    access.pass(1);
    await me(bearer(token));
    await expect.poll(lastUse).toBe(first + 60_000);
  });

  it("lets a request through whose use could not be noted, and says so in the log", async () => {
    const { token } = await createToken(access, ["queue:read"]);
    await store.pool.query("alter table credential rename column last_used_at to elsewhere");
    await store.pool.query(
      "alter table credential add column last_used_at int generated always as (null) stored",
    );
    try {
      expect((await me(bearer(token))).status).toBe(200);
      await expect.poll(() => access.logged.map(({ type }) => type)).toEqual(["auth.use.unwritten"]);
      expect(JSON.stringify(access.logged)).not.toContain(token);
    } finally {
      await store.pool.query("alter table credential drop column last_used_at");
      await store.pool.query("alter table credential rename column elsewhere to last_used_at");
    }
  });
});
