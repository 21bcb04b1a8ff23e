import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../server/db/client.ts";
import type { TokenAnswer } from "../../shared/access.ts";
import { openTestStore } from "../support/store.ts";
import {
  type AccessApp,
  audited,
  bearer,
  buildAccessApp,
  emptyAccess,
  pair,
  read,
  refresh,
  signIn,
} from "./access-app.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

let store: Store;
let access: AccessApp;
let first: TokenAnswer;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  await emptyAccess(store);
  access = buildAccessApp(store);
  first = await pair(access, await signIn(access, "Mira"));
});

const me = async (token: string) => (await access.send("GET", "/me", undefined, bearer(token))).status;
const next = async (token: string) => read<TokenAnswer>(await refresh(access, token));
async function refused(token: string): Promise<void> {
  const answer = await refresh(access, token);
  expect(answer.status).toBe(400);
  expect(await read(answer)).toMatchObject({ error: "invalid_grant" });
}

describe("a refresh", () => {
  it("gives a new pair of the same person and is in the audit", async () => {
    access.pass(60 * minute);
    expect(await me(first.access_token)).toBe(401);
    const second = await next(first.refresh_token);
    expect(await me(second.access_token)).toBe(200);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await audited(store)).at(-1)).toEqual(["refresh", "Mira"]);
  });

  it("keeps a browser in use paired beyond 30 days", async () => {
    access.pass(29 * day);
    const second = await next(first.refresh_token);
    access.pass(29 * day);
    const third = await next(second.refresh_token);
    expect(await me(third.access_token)).toBe(200);
    access.pass(30 * day);
    await refused(third.refresh_token);
  });

  it("with a token that was exchanged before ends the whole family at once", async () => {
    const second = await next(first.refresh_token);
    expect(await me(second.access_token)).toBe(200);
    access.pass(30_001);
    await refused(first.refresh_token);
    expect(await me(second.access_token)).toBe(401);
    expect(await me(first.access_token)).toBe(401);
    await refused(second.refresh_token);
    const reuses = (await audited(store)).filter(([verb]) => verb === "refresh.reused");
    expect(reuses).toEqual([["refresh.reused", "Mira"]]);
  });

  it("leaves other families of the person alone", async () => {
    const other = await pair(access, await signIn(access, "Mira"));
    await next(first.refresh_token);
    access.pass(30_001);
    await refused(first.refresh_token);
    expect(await me(other.access_token)).toBe(200);
  });

  it("sent again within 30 seconds gets another pair, which goes on working", async () => {
    await next(first.refresh_token);
    access.pass(30_000);
    const again = await next(first.refresh_token);
    expect(await me(again.access_token)).toBe(200);
    access.pass(60 * minute);
    expect(await me((await next(again.refresh_token)).access_token)).toBe(200);
  });

  it("twice at once gives both a pair, of which the one that is used lives on", async () => {
    const [one, other] = await Promise.all([next(first.refresh_token), next(first.refresh_token)]);
    expect([await me(one.access_token), await me(other.access_token)]).toEqual([200, 200]);
    access.pass(60 * minute);
    const kept = await next(one.refresh_token);
    expect(await me(kept.access_token)).toBe(200);
    access.pass(30_001);
    await refused(other.refresh_token);
    expect(await me(kept.access_token)).toBe(401);
  });

  it("that meets the end of its family leaves nothing of it alive", async () => {
    for (let round = 0; round < 8; round += 1) {
      access.pass(1);
      const { access_token, refresh_token } = await pair(access, await signIn(access, "Mira"));
      await Promise.all([
        refresh(access, refresh_token),
        access.send("POST", "/auth/revoke", { token: access_token }),
        refresh(access, refresh_token),
      ]);
      const family = "(select family from credential order by id desc limit 1)";
      const alive = `select kind from credential where family = ${family} and revoked_at is null`;
      expect((await store.pool.query(alive)).rows).toEqual([]);
    }
  });

  it("is refused for an access token, a stranger's token and one that was revoked", async () => {
    await refused(first.access_token);
    await refused(`qw_ref_${"A".repeat(43)}`);
    await access.send("POST", "/auth/revoke", { token: first.access_token });
    await refused(first.refresh_token);
  });
});
