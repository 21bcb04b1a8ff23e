import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../server/db/client.ts";
import { createSignInLink } from "../../server/services/access/create-sign-in-link.ts";
import { hasAnyoneSignedIn } from "../../server/services/access/has-anyone-signed-in.ts";
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

const link = (name: string, role?: "viewer" | "lead" | "admin") =>
  createSignInLink(access.system, { name, role }, ownOrigin);
const tokenOf = ({ url }: { url: string }) => url.split("#")[1] ?? "";
const use = (token: string, headers: Record<string, string> = {}) =>
  access.send("POST", "/auth/link", { token }, headers);
const me = (headers: Record<string, string>) => access.send("GET", "/me", undefined, headers);

describe("a sign-in link", () => {
  it("makes the first person an administrator and the next an analyst", async () => {
    expect(await link("Mira")).toMatchObject({ name: "Mira", role: "admin" });
    expect(await link("Jonas")).toMatchObject({ name: "Jonas", role: "analyst" });
    expect(await link("Ana", "lead")).toMatchObject({ name: "Ana", role: "lead" });
    expect(await audited(store)).toEqual(new Array(3).fill(["sign-in-link.create", "Quietwatch"]));
  });

  it("makes one administrator of first people who come at once", async () => {
    const names = Array.from({ length: 8 }, (_, place) => `Person ${place}`);
    const roles = (await Promise.all(names.map((name) => link(name)))).map(({ role }) => role);
    expect(roles.sort()).toEqual(["admin", ...new Array(7).fill("analyst")]);
  });

  it("is for the person who is known by that name, whose role stays", async () => {
    await link("Mira");
    expect((await link("Mira")).role).toBe("admin");
    await expect(link("Mira", "viewer")).rejects.toMatchObject({ code: "conflict" });
    expect((await store.pool.query("select 1 from person")).rowCount).toBe(1);
  });

  it("carries its secret behind the #, where no server log sees it, and stores none of it", async () => {
    const made = await link("Mira");
    expect(made.url).toMatch(/^http:\/\/quietwatch\.example\/sign-in#qw_link_[\w-]{43}$/);
    expect(made.expiresAt).toBe("2026-03-02T09:15:00.000Z");
    const answer = await use(tokenOf(made));
    const session = /qw_ses_[\w-]{43}/.exec(answer.headers.get("Set-Cookie") ?? "")?.[0] ?? "none";
    const stored = await everythingStored(store);
    expect(stored).not.toContain(tokenOf(made).slice("qw_link_".length));
    expect(stored).not.toContain(session.slice("qw_ses_".length));
  });

  it("signs in by a cookie that scripts and other sites cannot use, and says who in the audit", async () => {
    const answer = await use(tokenOf(await link("Mira")));
    expect(answer.status).toBe(204);
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    const [value, ...flags] = (answer.headers.get("Set-Cookie") ?? "").split("; ");
    expect(value).toMatch(/^quietwatch_session=qw_ses_/);
    expect(flags.sort()).toEqual(["HttpOnly", "Max-Age=43200", "Path=/", "SameSite=Strict"]);
    expect(await read(await me({ Cookie: value ?? "" }))).toMatchObject({ name: "Mira", role: "admin" });
    expect((await audited(store)).at(-1)).toEqual(["sign-in", "Mira"]);
  });

  it("signs in by a cookie for https alone when the public address is https", async () => {
    access = buildAccessApp(store, { publicUrl: "https://quietwatch.example" });
    const cookie = (await use(tokenOf(await link("Mira")))).headers.get("Set-Cookie") ?? "";
    expect(cookie).toMatch(/^__Host-quietwatch_session=qw_ses_[\w-]{43}; /);
    expect(cookie.split("; ").slice(1).sort()).toEqual([
      "HttpOnly",
      "Max-Age=43200",
      "Path=/",
      "SameSite=Strict",
      "Secure",
    ]);
    const [pairOf = ""] = cookie.split(";");
    expect((await me({ Cookie: pairOf })).status).toBe(200);
    expect((await me({ Cookie: pairOf.replace("__Host-", "") })).status).toBe(401);
  });

  it("works once", async () => {
    const token = tokenOf(await link("Mira"));
    await use(token);
    const again = await use(token);
    expect([again.status, await codeOf(again)]).toEqual([401, "sign_in_expired"]);
    expect(again.headers.get("Set-Cookie")).toBeNull();
  });

  it("lets one of two win that come at once", async () => {
    const token = tokenOf(await link("Mira"));
    const answers = await Promise.all(Array.from({ length: 8 }, () => use(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...new Array(7).fill(401)]);
    expect((await store.pool.query("select 1 from credential")).rowCount).toBe(1);
  });

  it("works for 15 minutes", async () => {
    const [first, second] = [tokenOf(await link("Mira")), tokenOf(await link("Mira"))];
    access.pass(15 * 60_000 - 1);
    expect((await use(first)).status).toBe(204);
    access.pass(1);
    expect((await use(second)).status).toBe(401);
  });

  it("is refused from another site, and when it never was", async () => {
    const token = tokenOf(await link("Mira"));
    expect(await codeOf(await use(token, { Origin: "http://elsewhere.example" }))).toBe("origin_refused");
    expect((await use(`qw_link_${"A".repeat(43)}`)).status).toBe(401);
    expect((await use(token, { Origin: ownOrigin })).status).toBe(204);
  });

  it("is made for administrators, over HTTP too, and for nobody who would gain by it", async () => {
    const make = (token: string, input: object) => access.send("POST", "/auth/links", input, bearer(token));
    const made = await make(adminToken, { name: "Mira" });
    expect(made.status).toBe(201);
    expect((await use(tokenOf(await read(made)))).status).toBe(204);
    const { token } = await createToken(access, ["tokens:manage"]);
    expect((await make(token, { name: "Mira" })).status).toBe(403);
    expect((await make(token, { name: "Eve", role: "admin" })).status).toBe(403);
    const reader = await createToken(access, ["queue:read"]);
    expect((await make(reader.token, { name: "Eve" })).status).toBe(403);
    expect((await store.pool.query("select 1 from person")).rowCount).toBe(1);
  });

  it("counts as somebody having signed in only when it was used", async () => {
    const made = await link("Mira");
    expect(await hasAnyoneSignedIn(store.db)).toBe(false);
    await use(tokenOf(made));
    expect(await hasAnyoneSignedIn(store.db)).toBe(true);
  });

  it("does not lead to a body beyond 16 KiB", async () => {
    expect(await codeOf(await use("x".repeat(20_000)))).toBe("too_large");
  });
});

describe("signing out", () => {
  const signOut = (headers: Record<string, string>) => access.send("POST", "/auth/sign-out", {}, headers);

  it("ends the session at once, takes the cookie away and is in the audit", async () => {
    const browser = await signIn(access, "Mira");
    const other = await signIn(access, "Mira");
    expect((await me(browser)).status).toBe(200);
    const answer = await signOut(browser);
    expect(answer.status).toBe(204);
    expect(answer.headers.get("Set-Cookie")).toMatch(/^quietwatch_session=; Max-Age=0; Path=\/; HttpOnly/);
    expect(await codeOf(await me(browser))).toBe("sign_in_expired");
    expect((await me(other)).status).toBe(200);
    expect((await audited(store)).at(-1)).toEqual(["sign-out", "Mira"]);
  });

  it("is refused from another site", async () => {
    const browser = await signIn(access, "Mira");
    expect((await signOut({ ...browser, Origin: "http://elsewhere.example" })).status).toBe(403);
    expect((await me(browser)).status).toBe(200);
  });

  it("ends everything of a paired extension", async () => {
    const tokens = await pair(access, await signIn(access, "Mira"));
    expect((await signOut(bearer(tokens.access_token))).status).toBe(204);
    expect((await me(bearer(tokens.access_token))).status).toBe(401);
    const refreshed = await access.send("POST", "/auth/token", {
      grant_type: "refresh_token",
      refresh_token: tokens.refresh_token,
    });
    expect(await read(refreshed)).toMatchObject({ error: "invalid_grant" });
  });

  it("is for people", async () => {
    const { token } = await createToken(access, ["queue:read"]);
    expect((await signOut(bearer(token))).status).toBe(403);
    expect((await signOut(bearer(adminToken))).status).toBe(403);
    expect((await signOut({})).status).toBe(401);
  });
});
