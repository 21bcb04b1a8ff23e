import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { redactedPath } from "../../server/routes/redacted-path.ts";
import type { ScopeName } from "../../shared/access.ts";
import type { IntakeAnswer } from "../../shared/alert.ts";
import {
  alertOf,
  emptyStore,
  errorOf,
  outcome,
  read,
  startTestServer,
  type TestServer,
} from "../support/test-server.ts";

let server: TestServer;
let token = "";
beforeAll(async () => {
  server = await startTestServer();
  token = (await server.client("a webhook", { scopes: ["alerts:write"] })).token;
});
afterAll(() => server.close());
beforeEach(async () => {
  server.logged.length = 0;
  await emptyStore(server.store);
});

function post(path: string, body: unknown = alertOf(), headers: Record<string, string> = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return Promise.resolve(
    server.app.request(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: text,
    }),
  );
}

describe("a webhook's address", () => {
  it("takes alerts of a format, or of one that is found out, and answers as intake does", async () => {
    for (const path of [`/hooks/${token}/alert`, `/hooks/${token}`]) {
      const answer = await post(path, [alertOf(), alertOf({ severity: "loud" })]);
      expect(answer.status).toBe(202);
      expect(await read<IntakeAnswer>(answer)).toMatchObject({ accepted: 1, rejected: [{ index: 1 }] });
    }
    expect(await outcome(await post(`/hooks/${token}/alert`, "{"))).toBe("400 unreadable");
    expect(await outcome(await post(`/hooks/${token}/alert`, { a: 1 }))).toBe("422 invalid_alert");
    expect(await outcome(await post(`/hooks/${token}/telegraph`))).toBe("422 unknown_format");
  });

  it("takes a request once by its key", async () => {
    const body = alertOf();
    const key = { "Idempotency-Key": "once" };
    const first = await read(await post(`/hooks/${token}/alert`, body, key));
    expect(await read(await post(`/hooks/${token}/alert`, body, key))).toEqual(first);
  });

  const refused: ScopeName[][] = [["queue:read"], ["alerts:write", "queue:read"], ["tokens:manage"]];
  it.each(refused)("takes no token that can do more or else: %s", async (...scopes) => {
    const other = await server.client("another", { scopes });
    const answer = await post(`/hooks/${other.token}/alert`);
    expect(await outcome(answer.clone())).toBe("403 not_allowed");
    expect((await errorOf(answer)).message).not.toContain(other.token);
  });

  it("takes neither the administrator's token, nor one that ended, nor none", async () => {
    const created = { name: "short", scopes: ["alerts:write"], expiresIn: "1m" };
    const short = await read<{ token: string }>(await server.admin.post("/api/v1/tokens", created));
    server.pass(120_000);
    expect(await outcome(await post(`/hooks/${short.token}/alert`))).toBe("401 sign_in_expired");
    for (const wrong of [server.admin.token, "qw_api_x", `${token}x`, "%00", "…"]) {
      expect(await outcome(await post(`/hooks/${wrong}/alert`))).toBe("401 unauthenticated");
    }
    expect((await post("/hooks")).status).toBe(404);
  });
});

describe("the token of an address", () => {
  it("is not in the answers, the log or the store", async () => {
    const answers = [
      await post(`/hooks/${token}/alert`, alertOf(), { "Idempotency-Key": "k" }),
      await post(`/hooks/${token}/alert`, "{"),
      await post(`/hooks/${token}/telegraph`),
      await post(`/hooks/${token}/alert/more`),
      await Promise.resolve(server.app.request(`/hooks/${token}/alert`)),
    ];
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    const { rows } = await server.store.pool.query("select route, answer::text from idempotency");
    expect(rows.length).toBe(1);
    expect(`${texts.join()}${JSON.stringify([rows, server.logged])}`).not.toContain(token);
  });

  it("is not in the log when something fails that nobody foresaw", async () => {
    const broken = await startTestServer();
    const hook = (await broken.client("a webhook", { scopes: ["alerts:write"] })).token;
    await broken.store.pool.query("alter table alert_log rename to gone");
    const body = JSON.stringify(alertOf());
    const answer = await broken.app.request(`/hooks/${hook}/alert`, { method: "POST", body });
    expect(answer.status).toBe(500);
    const failures = broken.logged.filter(({ type }) => type === "api.failed");
    expect(failures.map(({ fields }) => fields.path)).toEqual(["/hooks/…/alert"]);
    expect(JSON.stringify(broken.logged) + (await answer.text())).not.toContain(hook);
    await broken.close();
  });

  it.each([
    ["/hooks/secret/guardduty", "/hooks/…/guardduty"],
    ["/hooks/secret", "/hooks/…"],
    ["//hooks//secret/x", "//hooks//…/x"],
    ["/Hooks/secret/x", "/Hooks/…/x"],
    ["/api/v1/ingest/hooks", "/api/v1/ingest/hooks"],
  ])("of %s is logged as %s", (path, told) => {
    expect(redactedPath(path)).toBe(told);
  });
});
