// @vitest-environment happy-dom
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/preact";
import { afterEach, beforeEach, expect, it } from "vitest";
import { SourcesPage } from "../../server/dashboard/pages/sources-page.tsx";
import { isSignedOut } from "../../server/dashboard/state/api.ts";
import { loading, ready } from "../../server/dashboard/state/loaded.ts";
import { emptyDraft } from "../../server/dashboard/state/mapping-draft.ts";
import { canManagePolicy, me } from "../../server/dashboard/state/session.ts";
import * as sources from "../../server/dashboard/state/sources.ts";
import { toast } from "../../server/dashboard/state/toast.ts";
import type { ScopeName } from "../../shared/access.ts";
import { defaultPolicy } from "../../shared/policy.ts";

type Answer = [status: number, body: unknown];
let server: Server;
let calls: { route: string; match: string | undefined; body: Record<string, unknown> }[] = [];
let answers: Record<string, Answer> = {};

async function answer(request: IncomingMessage, response: ServerResponse) {
  let text = "";
  for await (const chunk of request) text += chunk;
  const route = `${request.method} ${request.url}`;
  calls.push({ route, match: request.headers["if-match"], body: text === "" ? {} : JSON.parse(text) });
  const [status, body] = answers[route] ?? [500, {}];
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** The page's address is the server's, as it is in a browser. */
function openAt(url: string) {
  const page: unknown = Reflect.get(window, "happyDOM");
  const setUrl: unknown = typeof page === "object" && page !== null ? Reflect.get(page, "setURL") : null;
  if (typeof setUrl !== "function") throw new Error("these tests need happy-dom");
  setUrl.call(page, url);
}

const refusal = (code: string, message: string, issues?: { path: string; message: string }[]) => ({
  error: { code, message, requestId: "r1", issues },
});

const trying = "POST /api/v1/ingest/try";
const alert = { source: "door", rule: "forced", title: "Door <b>7</b> forced", severity: "high" };
const gives = (change: object = {}) => ({
  accepted: 1,
  rejectedCount: 0,
  alerts: [{ index: 0, format: "door", nativeSeverity: "9", alert }],
  rejected: [],
  ...change,
});

function asPerson(...scopes: ScopeName[]) {
  me.value = ready({ id: "p", name: "Ada", role: "lead", scopes, environments: null, services: null });
}

beforeEach(async () => {
  calls = [];
  isSignedOut.value = false;
  toast.value = null;
  sources.policy.value = loading;
  sources.sample.value = "";
  sources.reader.value = { by: "format", format: "auto" };
  sources.draft.value = emptyDraft;
  asPerson("policy:manage");
  answers = {
    "GET /api/v1/policy": [200, { version: 4, author: "Ada", at: null, document: defaultPolicy }],
    [trying]: [200, gives()],
  };
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  openAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/sources`);
});

afterEach(async () => {
  // What a page asked for as it opened is answered before its server goes.
  if (canManagePolicy.value) await expect.poll(() => sources.policy.value.phase).not.toBe("loading");
  cleanup();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

const paste = (text: string) =>
  fireEvent.input(screen.getByLabelText("What your detector sends"), { target: { value: text } });
const readAs = (value: string) =>
  fireEvent.change(screen.getByLabelText("Read it as"), { target: { value } });
const tries = () => calls.filter(({ route }) => route === trying).map(({ body }) => body);

it("says what to do while there is no sample, and asks nothing", () => {
  render(<SourcesPage />);
  expect(screen.getByText("Paste a sample to see its alerts here. Nothing is stored.")).toBeTruthy();
  expect(tries()).toEqual([]);
});

it("shows the alerts of a pasted sample, as text", async () => {
  render(<SourcesPage />);
  paste('{"a":1}');
  expect(await screen.findByRole("heading", { name: "Door <b>7</b> forced" })).toBeTruthy();
  expect(screen.getByText("1 alert")).toBeTruthy();
  expect(screen.getByText("high (was 9)")).toBeTruthy();
  expect(tries()).toEqual([{ sample: '{"a":1}', format: "auto" }]);
});

it("tries once for what is typed in one go", async () => {
  render(<SourcesPage />);
  for (const text of ["{", '{"a"', '{"a":1}']) paste(text);
  await screen.findByText("1 alert");
  expect(tries().length).toBe(1);
});

it("reads it by the format that is chosen", async () => {
  render(<SourcesPage />);
  paste("{}");
  readAs("format:wazuh");
  await expect.poll(() => tries().at(-1)).toEqual({ sample: "{}", format: "wazuh" });
  expect(screen.queryByRole("heading", { name: "Mapping" })).toBeNull();
});

it("lists what was rejected, with its place", async () => {
  answers[trying] = [
    200,
    gives({ rejectedCount: 1, rejected: [{ index: 1, code: "x", message: "title: no" }] }),
  ];
  render(<SourcesPage />);
  paste("{}");
  expect(await screen.findByText("No. 2: title: no")).toBeTruthy();
  expect(screen.getByText("1 alert, 1 rejected")).toBeTruthy();
});

it("says why a sample cannot be read", async () => {
  answers[trying] = [400, refusal("unreadable", "the body is not valid JSON")];
  render(<SourcesPage />);
  paste("{");
  expect(await screen.findByText("the body is not valid JSON.")).toBeTruthy();
});

it("opens a saved mapping and tries what is edited", async () => {
  const mappings = [{ ...emptyDraft, name: "door", title: "kind" }];
  const document = { ...defaultPolicy, intake: { ...defaultPolicy.intake, mappings } };
  answers["GET /api/v1/policy"] = [200, { version: 4, author: "Ada", at: null, document }];
  render(<SourcesPage />);
  paste("{}");
  await screen.findByRole("option", { name: "door" });
  readAs("saved:door");
  const title = await screen.findByLabelText("Title");
  expect(title).toHaveProperty("value", "kind");
  fireEvent.input(title, { target: { value: "door" } });
  await expect.poll(() => tries().at(-1)).toMatchObject({ mapping: { name: "door", title: "door" } });
  expect(screen.getByRole("button", { name: "Save over the old one" })).toBeTruthy();
});

it("says beside a field what is wrong with it, and does not save it", async () => {
  answers[trying] = [
    422,
    refusal("invalid", "mapping.title: a function is missing", [
      { path: "mapping.title", message: "a function is missing" },
    ]),
  ];
  render(<SourcesPage />);
  readAs("new");
  paste("{}");
  const title = await screen.findByLabelText("Title");
  await expect.poll(() => title.getAttribute("aria-invalid")).toBe("true");
  expect(document.getElementById(title.getAttribute("aria-describedby") ?? "")?.textContent).toBe(
    "a function is missing",
  );
  expect(screen.getByRole("button", { name: "Save mapping" })).toHaveProperty("disabled", true);
});

it("saves the mapping into the policy that was read", async () => {
  answers["PUT /api/v1/policy"] = [200, { version: 5, author: "Ada", at: null, document: defaultPolicy }];
  render(<SourcesPage />);
  readAs("new");
  paste("{}");
  const save = await screen.findByRole("button", { name: "Save mapping" });
  await expect.poll(() => save.hasAttribute("disabled")).toBe(false);
  fireEvent.click(save);
  expect(await screen.findByText("Saved. Send it to /api/v1/ingest/my-source.")).toBeTruthy();
  const put = calls.find(({ route }) => route.startsWith("PUT"));
  expect(put?.match).toBe('"4"');
  expect(put?.body).toMatchObject({ bands: defaultPolicy.bands, intake: { mappings: [emptyDraft] } });
});

it("says when somebody saved another policy meanwhile", async () => {
  answers["PUT /api/v1/policy"] = [
    409,
    refusal("stale_version", "the policy is at version 5 by now; read it again"),
  ];
  render(<SourcesPage />);
  readAs("new");
  paste("{}");
  const save = await screen.findByRole("button", { name: "Save mapping" });
  await expect.poll(() => save.hasAttribute("disabled")).toBe(false);
  fireEvent.click(save);
  expect(await screen.findByText(/^Not saved\. the policy is at version 5/)).toBeTruthy();
});

it("edits the same mapping as JSON, and uses the last text that was some", async () => {
  render(<SourcesPage />);
  readAs("new");
  fireEvent.click(await screen.findByRole("button", { name: "JSON" }));
  const json = screen.getByLabelText("Mapping as JSON");
  fireEvent.input(json, { target: { value: JSON.stringify({ ...emptyDraft, title: "from JSON" }) } });
  fireEvent.input(json, { target: { value: "{" } });
  expect(screen.getByText(/^This is not a JSON object yet/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "JSON" }));
  expect(await screen.findByLabelText("Title")).toHaveProperty("value", "from JSON");
});

it("says so when the policy cannot be read, with a way on", async () => {
  answers["GET /api/v1/policy"] = [503, refusal("overloaded", "Too busy")];
  render(<SourcesPage />);
  expect(await screen.findByText("Too busy.")).toBeTruthy();
  answers["GET /api/v1/policy"] = [200, { version: 4, author: "Ada", at: null, document: defaultPolicy }];
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  await expect.poll(() => screen.queryByText("Too busy.")).toBeNull();
});

it("is not for an analyst, and asks nothing for one", () => {
  asPerson("queue:read", "queue:act");
  render(<SourcesPage />);
  expect(screen.getByText(/^Only leads and administrators/)).toBeTruthy();
  expect(calls).toEqual([]);
  expect(screen.queryByRole("navigation")).toBeNull();
});

it("leads to the queue and back", () => {
  render(<SourcesPage />);
  const links = within(screen.getByRole("navigation", { name: "Pages" }));
  expect(links.getByRole("link", { name: "Queue" }).getAttribute("href")).toBe("/");
  expect(links.getByRole("link", { name: "Sources" }).getAttribute("aria-current")).toBe("page");
});
