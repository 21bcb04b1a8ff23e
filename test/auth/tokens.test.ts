import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Store } from "../../server/db/client.ts";
import type { TokenSummary } from "../../shared/access.ts";
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

const list = async (query = "") =>
  read<{ items: TokenSummary[]; next: string | null }>(
    await access.send("GET", `/tokens${query}`, undefined, bearer(adminToken)),
  );
const me = (token: string) => access.send("GET", "/me", undefined, bearer(token));

/** Keeps what was read of credentials on its way until it is released. */
function delayLookUps({ pool }: Store) {
  const real = pool.query.bind(pool);
  const gate = { release: () => {}, arrive: () => {} };
  const open = new Promise<void>((resolve) => {
    gate.release = resolve;
  });
  const read = new Promise<void>((resolve) => {
    gate.arrive = resolve;
  });
  const spy = vi.spyOn(pool, "query").mockImplementation(async (...query: unknown[]) => {
    const result = await Reflect.apply(real, pool, query);
    if (JSON.stringify(query[0]).includes("left join")) {
      gate.arrive();
      await open;
    }
    return result;
  });
  const release = () => {
    spy.mockRestore();
    gate.release();
  };
  return { read, release };
}

describe("creating a token", () => {
  it("shows the secret once, stores none of it and writes the audit", async () => {
    const answer = await access.send(
      "POST",
      "/tokens",
      {
        name: "siem",
        scopes: ["alerts:write", "alerts:write"],
        severityCeiling: "high",
        environments: ["staging"],
      },
      bearer(adminToken),
    );
    expect(answer.status).toBe(201);
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    const { token, ...summary } = await read<{ token: string }>(answer);
    expect(token).toMatch(/^qw_api_[\w-]{43}$/);
    expect(summary).toMatchObject({
      name: "siem",
      scopes: ["alerts:write"],
      severityCeiling: "high",
      environments: ["staging"],
      services: null,
      createdAt: "2026-03-02T09:00:00.000Z",
      expiresAt: "2026-05-31T09:00:00.000Z",
      lastUsedAt: null,
      revokedAt: null,
    });
    expect((await list()).items).toEqual([summary]);
    expect(await everythingStored(store)).not.toContain(token.slice("qw_api_".length));
    expect(await audited(store)).toEqual([["token.create", "administrator"]]);
  });

  it("acts with the scopes and the reach it was given, and no more", async () => {
    const { token, id } = await createToken(access, ["queue:read", "reports:read"], {
      name: "wall",
      environments: ["production"],
      services: ["login"],
    });
    expect(await read(await me(token))).toEqual({
      id,
      name: "wall",
      role: "viewer",
      scopes: ["queue:read", "reports:read"],
      environments: ["production"],
      services: ["login"],
    });
    const answer = await access.send("POST", "/tokens", { name: "x", scopes: ["queue:read"] }, bearer(token));
    expect([answer.status, await codeOf(answer)]).toEqual([403, "not_allowed"]);
  });

  it.each([
    ["a scope it lacks", { scopes: ["data:export"], environments: ["staging"], severityCeiling: "low" }],
    ["every environment", { scopes: ["alerts:write"], severityCeiling: "low" }],
    [
      "another environment",
      { scopes: ["alerts:write"], environments: ["production"], severityCeiling: "low" },
    ],
    ["no ceiling", { scopes: ["alerts:write"], environments: ["staging"] }],
    ["a higher ceiling", { scopes: ["alerts:write"], environments: ["staging"], severityCeiling: "high" }],
  ])("does not give out %s", async (_what, input) => {
    const maker = await createToken(access, ["tokens:manage", "alerts:write"], {
      environments: ["staging"],
      severityCeiling: "medium",
    });
    const answer = await access.send("POST", "/tokens", { name: "x", ...input }, bearer(maker.token));
    expect([answer.status, await codeOf(answer)]).toEqual([403, "not_allowed"]);
    expect((await list()).items).toHaveLength(1);
  });

  it("gives out what the maker holds", async () => {
    const maker = await createToken(access, ["tokens:manage", "alerts:write"], {
      environments: ["staging", "test"],
      severityCeiling: "medium",
    });
    const input = { name: "x", scopes: ["alerts:write"], environments: ["test"], severityCeiling: "medium" };
    expect((await access.send("POST", "/tokens", input, bearer(maker.token))).status).toBe(201);
  });

  it.each(["59s", "366d", "soon", ""])("does not take %j for a lifetime", async (expiresIn) => {
    const input = { name: "x", scopes: ["alerts:write"], expiresIn };
    const answer = await access.send("POST", "/tokens", input, bearer(adminToken));
    expect([answer.status, await codeOf(answer)]).toEqual([422, "invalid"]);
  });

  it.each([
    ["nul_character", { name: "a\0b" }],
    ["lone_surrogate", { name: "x", services: ["\ud800"] }],
  ])("refuses text that cannot be stored: %s", async (code, input) => {
    const body = { scopes: ["alerts:write"], ...input };
    const answer = await access.send("POST", "/tokens", body, bearer(adminToken));
    expect([answer.status, await codeOf(answer)]).toEqual([422, code]);
  });
});

describe("a token's end", () => {
  it("comes by itself, even while the token is remembered", async () => {
    const { token } = await createToken(access, ["queue:read"], { expiresIn: "1m" });
    access.pass(59_999);
    expect((await me(token)).status).toBe(200);
    access.pass(1);
    const answer = await me(token);
    expect([answer.status, await codeOf(answer)]).toEqual([401, "sign_in_expired"]);
  });

  it("comes at once when it is revoked", async () => {
    const { token, id } = await createToken(access, ["queue:read"]);
    expect((await me(token)).status).toBe(200);
    const revoked = await access.send("DELETE", `/tokens/${id}`, undefined, bearer(adminToken));
    expect(revoked.status).toBe(204);
    const answer = await me(token);
    expect([answer.status, await codeOf(answer)]).toEqual([401, "sign_in_expired"]);
    expect((await list()).items[0]?.revokedAt).toBe("2026-03-02T09:00:00.000Z");
    expect((await audited(store)).at(-1)).toEqual(["token.revoke", "administrator"]);
  });

  it("is written once when it is revoked twice at once", async () => {
    const { id } = await createToken(access, ["queue:read"]);
    const revoke = () => access.send("DELETE", `/tokens/${id}`, undefined, bearer(adminToken));
    const answers = await Promise.all([revoke(), revoke()]);
    expect(answers.map((answer) => answer.status)).toEqual([204, 204]);
    expect((await audited(store)).filter(([verb]) => verb === "token.revoke")).toHaveLength(1);
  });

  it("holds against a look-up that was under way", async () => {
    const { token, id } = await createToken(access, ["queue:read"]);
    const lookUps = delayLookUps(store);
    const early = me(token);
    await lookUps.read;
    await access.send("DELETE", `/tokens/${id}`, undefined, bearer(adminToken));
    lookUps.release();
    expect((await early).status).toBe(401);
    expect((await me(token)).status).toBe(401);
  });

  it("needs the scope, and a token that is there and within reach", async () => {
    const far = await createToken(access, ["queue:read"], { environments: ["production"] });
    const near = await createToken(access, ["queue:read"], { environments: ["staging"] });
    const reader = await createToken(access, ["queue:read"]);
    const manager = await createToken(access, ["tokens:manage"], { environments: ["staging"] });
    const revoke = (id: string, token: string) =>
      access.send("DELETE", `/tokens/${id}`, undefined, bearer(token));
    expect((await revoke(near.id, reader.token)).status).toBe(403);
    expect((await revoke(far.id, manager.token)).status).toBe(404);
    expect((await revoke("019ca000-0000-7000-8000-000000000000", adminToken)).status).toBe(404);
    expect((await revoke(near.id, manager.token)).status).toBe(204);
  });
});

describe("the list of tokens", () => {
  it("goes page by page, newest first, and shows no session", async () => {
    await signIn(access, "Mira");
    const made: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      access.pass(1);
      made.unshift((await createToken(access, ["queue:read"])).id);
    }
    const first = await list("?limit=2");
    const second = await list(`?limit=2&cursor=${first.next}`);
    expect([...first.items, ...second.items].map((token) => token.id)).toEqual(made);
    expect(second.next).toBeNull();
  });

  it("shows a manager what is within reach, and nobody else anything", async () => {
    await createToken(access, ["queue:read"], { name: "everywhere" });
    await createToken(access, ["queue:read"], { name: "here", services: ["login"] });
    const manager = await createToken(access, ["tokens:manage"], {
      name: "manager",
      services: ["login", "shop"],
    });
    const answer = await access.send("GET", "/tokens", undefined, bearer(manager.token));
    const { items } = await read<{ items: TokenSummary[] }>(answer);
    expect(items.map((token) => token.name).sort()).toEqual(["here", "manager"]);
    const { token } = await createToken(access, ["queue:read"]);
    expect((await access.send("GET", "/tokens", undefined, bearer(token))).status).toBe(403);
  });
});
