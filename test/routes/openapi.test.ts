import * as v from "valibot";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { components } from "../../server/openapi/components.ts";
import { docsCss } from "../../server/openapi/docs-css.ts";
import { renderDocs } from "../../server/openapi/docs-page.ts";
import { buildDocument } from "../../server/openapi/document.ts";
import type { OperationObject } from "../../server/openapi/open-api.ts";
import type { Operation } from "../../server/openapi/operation.ts";
import { operations } from "../../server/openapi/operations.ts";
import { parameterNames, pathParameters } from "../../server/openapi/path-parameters.ts";
import { schemaOf } from "../../server/openapi/schema-of.ts";
import { deviceGrant, scopeNames } from "../../shared/access.ts";
import { failureStatus } from "../../shared/failure.ts";
import { Limit } from "../../shared/queue.ts";
import { readText } from "../support/source-files.ts";
import {
  act,
  alertOf,
  done,
  errorOf,
  read,
  startTestServer,
  type TestServer,
} from "../support/test-server.ts";

const document = buildDocument();
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
);
const table = operations.map((operation): [string, Operation] => [operation.id, operation]);

let server: TestServer;
let hookToken = "";
beforeAll(async () => {
  server = await startTestServer();
  hookToken = (await server.client("a webhook", { scopes: ["alerts:write"] })).token;
});
afterAll(() => server.close());

/** Every value in a tree, the tree itself first. */
function everything(tree: unknown): unknown[] {
  const found = [tree];
  for (const one of found) if (typeof one === "object" && one !== null) found.push(...Object.values(one));
  return found;
}

describe("the document", () => {
  it("names every route of the application and no other", () => {
    const own = new Set(["GET /openapi.json", "GET /docs", "GET /docs.css"]);
    const routes = new Set(
      server.app.routes
        .filter(({ method }) => method !== "ALL")
        .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`)
        .filter((route) => !own.has(route)),
    );
    expect(routes.size).toBeGreaterThan(40);
    const inDocument = described.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(inDocument.sort()).toEqual([...routes].sort());
  });

  it("gives every call an id of its own", () => {
    const ids = described.map(({ operation }) => operation.operationId);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i || !/^[a-z][A-Za-z]+$/.test(id))).toEqual([]);
  });

  it("describes every part of a path that is filled in, and no other", () => {
    for (const { path, operation } of described) {
      const inPath = operation.parameters.filter((one) => one.in === "path").map(({ name }) => name);
      expect(inPath).toEqual(parameterNames(path));
    }
  });

  it("has what every reference names, and names every schema it has", () => {
    const references = everything(document).flatMap((one) =>
      typeof one === "object" && one !== null && "$ref" in one ? [String(one.$ref)] : [],
    );
    const names = new Set(references.map((one) => one.replace("#/components/schemas/", "")));
    expect(references.length).toBeGreaterThan(100);
    expect([...names].sort()).toEqual(Object.keys(document.components.schemas).sort());
  });

  it("is plain JSON with no other dialect's leftovers", () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    expect(JSON.stringify(document)).not.toMatch(/"\$schema"|"\$defs"|"definitions"|"nullable"/);
  });

  it("uses only tags and ways to sign in that it declares", () => {
    const tags = document.tags.map(({ name }) => name);
    const ways = Object.keys(document.components.securitySchemes);
    expect(described.flatMap(({ operation }) => operation.tags).filter((tag) => !tags.includes(tag))).toEqual(
      [],
    );
    const used = described.flatMap(({ operation }) => operation.security.flatMap(Object.keys));
    expect([...new Set(used)]).toEqual(ways);
  });

  it("says of `limit` what the lists take", () => {
    const of = (path: string) =>
      document.paths[path]?.get?.parameters.find(({ name }) => name === "limit")?.schema;
    expect(of("/api/v1/queue")).toEqual({ type: "integer", minimum: 1, maximum: 200, default: 50 });
    expect(["0", "1", "200", "201"].map((text) => v.is(Limit, text))).toEqual([false, true, true, false]);
    expect(v.parse(Limit, undefined)).toBe(50);
  });

  it("describes a parameter that may be repeated as a list of what it may be", () => {
    const band = document.paths["/api/v1/queue"]?.get?.parameters.find(({ name }) => name === "band");
    expect(band?.schema).toMatchObject({ type: "array", items: { enum: ["P1", "P2", "P3", "P4", "P5"] } });
  });

  it("says of a time that it is one", () => {
    const { AlertInput } = document.components.schemas;
    expect(AlertInput?.properties?.occurredAt).toMatchObject({ type: "string", format: "date-time" });
  });

  it("takes a schema only when it is that of the interface", () => {
    interface Pair {
      one: string;
      other?: number;
    }
    const exact = v.object({ one: v.string(), other: v.exactOptional(v.number()) });
    const lacking = v.object({ one: v.string() });
    expect(schemaOf<Pair>()(exact)).toBe(exact);
    // @ts-expect-error a field of the interface is missing
    expect(schemaOf<Pair>()(lacking)).toBe(lacking);
  });
});

const example = (name: string) => (name === "token" ? hookToken : (pathParameters[name]?.example ?? name));
const fill = (path: string, id = example("id")) =>
  path.replace("{id}", id).replace(/\{(\w+)\}/g, (_part, name: string) => example(name));

/** Sends what the table gives as an example. */
function call({ method, body }: Operation, path: string, token: string | null): Promise<Response> {
  const headers = {
    ...(token !== null && { Authorization: `Bearer ${token}` }),
    ...(body !== undefined && { "Content-Type": "application/json" }),
  };
  const request = { method: method.toUpperCase(), headers };
  const sent = body === undefined ? request : { ...request, body: JSON.stringify(body.example) };
  return whileTriaging(Promise.resolve(server.app.request(path, sent)));
}

/** Some calls answer once an alert is triaged. */
async function whileTriaging(answering: Promise<Response>): Promise<Response> {
  let isAnswered = false;
  const answered = answering.finally(() => {
    isAnswered = true;
  });
  while (!isAnswered) {
    await server.triage();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return answered;
}

/** The code of a refusal in whatever shape, or the status of a success. */
async function codeOf(answer: Response): Promise<string> {
  if (answer.ok) {
    await answer.body?.cancel();
    return String(answer.status);
  }
  const body = await read<{ error?: { code?: string } | string } | string>(answer);
  return typeof body === "object" && typeof body.error === "object"
    ? (body.error.code ?? "")
    : `${answer.status}`;
}

describe("what each call needs", () => {
  it.each(table)("%s lets nobody in without it", async (_id, operation) => {
    const answer = await call(operation, fill(operation.path), null);
    // A stranger's call is told from one with a link that is over by this header.
    const status = operation.errorShape === "pagerduty" ? 400 : 401;
    const isTurnedAway = answer.status === status && answer.headers.get("WWW-Authenticate") === "Bearer";
    await answer.body?.cancel();
    expect(isTurnedAway).toBe(operation.access !== "open");
  });

  const scoped = table.filter(([, { access }]) => scopeNames.some((scope) => scope === access));
  it.each(scoped)("%s refuses who has every other scope", async (_id, operation) => {
    const scopes = scopeNames.filter((scope) => scope !== operation.access);
    const { token } = await server.client("everything but one", { scopes });
    const answer = await call(operation, fill(operation.path), token);
    expect(answer.status).toBe(403);
    // Stand-ins tell it in other forms.
    expect(await codeOf(answer)).toBe(operation.errorShape === undefined ? "not_allowed" : "403");
  });

  it.each(scoped)("%s lets in who has that scope", async (id, operation) => {
    const { access } = operation;
    const acting =
      access === "queue:act"
        ? (["queue:read", "queue:act"] as const)
        : scopeNames.filter((one) => one === access);
    const { token } = await server.client("one scope", { scopes: [...acting] });
    const answer = await call(operation, fill(operation.path), token);
    // Nobody gives away more than they have, which is another reason.
    const givesAway = ["createToken", "createSignInLink"].includes(id);
    expect(answer.status === 403).toBe(givesAway);
    if (givesAway) expect((await errorOf(answer)).message).not.toContain("this needs the scope");
    else await answer.body?.cancel();
  });
});

/** What stands for `{id}` in a path, made anew. */
async function idFor(path: string): Promise<string> {
  const [group = ""] = await server.send(alertOf());
  if (path.includes("/actions/")) return (await done(act(server.admin, group, "acknowledge"))).actionId;
  if (path.includes("/requests/")) {
    const sent = await server.admin.post("/compat/opsgenie/v2/alerts", { message: "Slow" });
    await server.triage();
    return (await read<{ requestId: string }>(sent)).requestId;
  }
  if (path.endsWith("/reopen")) await done(act(server.admin, group, "acknowledge"));
  if (path.includes("/tokens/")) {
    const body = { name: "short", scopes: ["queue:read"] };
    return (await read<{ id: string }>(await server.admin.post("/api/v1/tokens", body))).id;
  }
  if (/\/silences?\//.test(path)) {
    const example = operations.find(({ id }) => id === "createSilence")?.body?.example;
    return (await read<{ id: string }>(await server.admin.post("/api/v1/silences", example))).id;
  }
  if (!path.includes("/alerts/")) return group;
  const alerts = await server.admin.get(`/api/v1/items/${group}/alerts`);
  return (await read<{ items: { id: string }[] }>(alerts)).items[0]?.id ?? "";
}

/** The description of an answer of this status. */
function responseOf({ method, path }: Operation, status: number) {
  const operation: OperationObject | undefined = document.paths[path]?.[method];
  return operation?.responses[status];
}

/** Parses an answer by the schema that the document names for it; a field it does not name is a difference too. */
async function expectAsDescribed(operation: Operation, answer: Response): Promise<void> {
  const described = responseOf(operation, answer.status);
  expect(described, `${answer.status} is described`).toBeDefined();
  const [content] = Object.entries(described?.content ?? {});
  if (content === undefined) {
    expect(await answer.text()).toBe("");
    return;
  }
  const [type, { schema }] = content;
  expect(answer.headers.get("Content-Type")).toContain(type);
  if (schema.$ref === undefined) return void (await answer.body?.cancel());
  const name = schema.$ref.replace("#/components/schemas/", "");
  const body = await answer.json();
  const parsed = v.safeParse(components[name] ?? v.never(), body);
  expect(parsed.issues?.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`)).toBeUndefined();
  expect(parsed.output).toEqual(body);
}

describe("what each call answers", () => {
  // What is left untriaged by calls above would be waited for.
  beforeEach(() => server.triage());

  // These need something that is given out once, or a person; their refusal is described all the same.
  const refusedHere = new Map([
    ["exchangeToken", 400],
    ["useSignInLink", 401],
    ["showPairing", 403],
    ["approvePairing", 403],
    ["signOut", 403],
  ]);

  it.each(table)("%s is as described", async (id, operation) => {
    const filled = operation.path.includes("{id}") ? await idFor(operation.path) : undefined;
    const answer = await call(operation, fill(operation.path, filled), server.admin.token);
    expect(answer.status).toBe(refusedHere.get(id) ?? operation.answer.status);
    await expectAsDescribed(operation, answer);
  });

  const ofOne = table.filter(([, { path }]) => path.includes("{id}"));
  it.each(ofOne)("%s of what is not there is as described", async (_id, operation) => {
    const answer = await call(operation, fill(operation.path), server.admin.token);
    expect(answer.status).toBe(404);
    await expectAsDescribed(operation, answer);
  });

  const withBody = table.filter(([, { body }]) => body !== undefined);
  it.each(withBody)("%s of what cannot be read is as described", async (_id, operation) => {
    const { path, method } = operation;
    const headers = { Authorization: `Bearer ${server.admin.token}`, "Content-Type": "application/json" };
    const request = { method: method.toUpperCase(), headers, body: "{" };
    const answer = await server.app.request(fill(path), request);
    expect(answer.status).toBe(400);
    await expectAsDescribed(operation, answer);
  });

  it.each(withBody)("%s has an example that its schema takes", (_id, { body }) => {
    expect(v.is(body?.schema ?? v.never(), body?.example)).toBe(true);
  });

  const lists = table.filter(([, { query }]) => query !== undefined && "limit" in query.entries);
  it.each(lists)("%s refuses a limit over the described one, in a described way", async (_id, operation) => {
    const [group = ""] = await server.send(alertOf());
    const answer = await server.admin.get(`${fill(operation.path, group)}?limit=201`);
    expect((await errorOf(answer.clone())).code).toBe("invalid");
    await expectAsDescribed(operation, answer);
  });

  it("the way of a person and an extension from link to sign-out is as described", async () => {
    const origin = "http://quietwatch.example";
    const own = { Host: "quietwatch.example", Origin: origin, "Content-Type": "application/json" };
    const step = async (id: string, path: string, body: unknown, headers: Record<string, string> = {}) => {
      const operation = operations.find((one) => one.id === id);
      if (operation === undefined) throw new Error(`${id} is not in the table`);
      const request = { method: operation.method.toUpperCase(), headers: { ...own, ...headers } };
      const sent = body === null ? request : { ...request, body: JSON.stringify(body) };
      const answer = await server.app.request(`${origin}/api/v1/auth/${path}`, sent);
      expect(answer.status).toBe(operation.answer.status);
      await expectAsDescribed(operation, answer.clone());
      return answer;
    };
    const admin = { Authorization: `Bearer ${server.admin.token}` };
    const { url } = await read<{ url: string }>(
      await step("createSignInLink", "links", { name: "Ada" }, admin),
    );
    const link = await step("useSignInLink", "link", { token: url.split("#")[1] });
    const session = { Cookie: link.headers.get("Set-Cookie")?.split(";")[0] ?? "" };
    const started = await read<{ device_code: string; user_code: string }>(
      await step("startPairing", "device", {}),
    );
    await step("showPairing", `device/${started.user_code}`, null, session);
    await step("approvePairing", "device/approve", { userCode: started.user_code, approve: true }, session);
    const grant = { grant_type: deviceGrant, device_code: started.device_code };
    const pair = await read<{ refresh_token: string }>(await step("exchangeToken", "token", grant));
    await step("exchangeToken", "token", { grant_type: "refresh_token", refresh_token: pair.refresh_token });
    await step("signOut", "sign-out", null, session);
  });

  it("an item's entities, notes and counts are as described too", async () => {
    const entity = { type: "ip", value: "203.0.113.7", role: "actor" };
    const [group = ""] = await server.send(
      alertOf({ entities: [entity], links: [{ href: "https://example.com" }] }),
    );
    await done(act(server.admin, group, "annotate", { text: "seen before" }));
    for (const id of ["showItem", "readQueue", "showItemTimeline", "listItemAlerts", "reportGrid"]) {
      const operation = operations.find((one) => one.id === id);
      if (operation === undefined) throw new Error(`${id} is not in the table`);
      await expectAsDescribed(operation, await server.admin.get(fill(operation.path, group)));
    }
  });
});

describe("the pages about it", () => {
  it("serve the document to everyone", async () => {
    const answer = await server.app.request("/openapi.json");
    expect([answer.status, answer.headers.get("Content-Type")]).toEqual([200, "application/json"]);
    expect(await answer.json()).toEqual(document);
  });

  it("let nothing foreign in", async () => {
    for (const path of ["/docs", "/docs.css", "/openapi.json"]) {
      const { status, headers } = await server.app.request(path);
      expect(status).toBe(200);
      expect(headers.get("Content-Security-Policy")).toMatch(/^default-src 'none'; style-src 'self';/);
      expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    }
    const page = await (await server.app.request("/docs")).text();
    expect(page).not.toMatch(/<script|<style|\sstyle=|\son\w+=|src=/);
    const linked = [...page.matchAll(/<link[^>]*href="([^"]*)"/g)].map(([, href]) => href);
    expect(linked).toEqual(["/docs.css"]);
  });

  it("have a heading for every subject, call and schema, and nothing that leads nowhere", async () => {
    const page = await (await server.app.request("/docs")).text();
    const headings = [...page.matchAll(/<h[123] id="([^"]+)"/g)].map(([, id]) => id);
    for (const { id } of operations) expect(headings).toContain(id);
    for (const name of Object.keys(document.components.schemas)) expect(headings).toContain(`schema-${name}`);
    expect(page).toMatch(/<h1>Quietwatch API<\/h1>/);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(targets.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it("show every other address of a call", async () => {
    const page = await (await server.app.request("/docs")).text();
    for (const { path } of described) expect(page).toContain(path);
  });

  it("escape every text of the document", async () => {
    const hostile = `<img src=x onerror="alert(1)">'&`;
    const poison = (tree: unknown): unknown => {
      if (typeof tree === "string") return `${tree}${hostile}`;
      if (Array.isArray(tree)) return tree.map(poison);
      if (typeof tree !== "object" || tree === null) return tree;
      return Object.fromEntries(Object.entries(tree).map(([key, inner]) => [`${key}`, poison(inner)]));
    };
    const { schemas } = document.components;
    const page = String(
      await renderDocs({
        ...document,
        info: { ...document.info, title: hostile, summary: hostile },
        tags: document.tags.map(({ name }) => ({ name, description: hostile })),
        paths: {
          [`/${hostile}`]: {
            get: { ...described[0]?.operation, summary: hostile, description: hostile } as OperationObject,
          },
        },
        components: {
          ...document.components,
          schemas: { ...schemas, [hostile]: poison(schemas.ItemDetail) as (typeof schemas)[string] },
        },
      }),
    );
    expect(page).toContain("&lt;img src=x onerror=");
    expect(page).not.toContain("<img");
    expect(page).not.toContain(`onerror="`);
  });

  it("have the colours and type of the dashboard", () => {
    const tokens = readText("shared/ui/tokens.css");
    const own = [...docsCss.matchAll(/^ {2}(--[\w-]+: .+;)$/gm)].map(([, line = ""]) => line);
    expect(own.length).toBeGreaterThan(8);
    expect(own.filter((line) => !tokens.includes(line))).toEqual([]);
  });
});

it("every code of an error has a description somewhere", () => {
  const named = new Set(
    described.flatMap(({ operation }) =>
      Object.values(operation.responses).flatMap(({ description }) => description.split(", ")),
    ),
  );
  // What a single alert is rejected with comes in the answer to the others.
  const inRejects = ["field_too_long", "too_many_items", "nested_too_deep"];
  expect(
    Object.keys(failureStatus)
      .filter((code) => !named.has(code))
      .sort(),
  ).toEqual(inRejects.sort());
});
