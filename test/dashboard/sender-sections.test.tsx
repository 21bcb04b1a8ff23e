// @vitest-environment happy-dom
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/preact";
import { afterEach, beforeEach, expect, it } from "vitest";
import { SenderSections } from "../../server/dashboard/components/sender-sections.tsx";
import { loading, ready } from "../../server/dashboard/state/loaded.ts";
import * as senders from "../../server/dashboard/state/senders.ts";
import { me } from "../../server/dashboard/state/session.ts";
import { sample } from "../../server/dashboard/state/sources.ts";
import type { Reject, Source } from "../../shared/senders.ts";

let server: Server;
let asked: string[] = [];
let answers: Record<string, [status: number, body: unknown]> = {};

function answer(request: IncomingMessage, response: ServerResponse) {
  const url = request.url ?? "";
  asked.push(url);
  const path = url.split("?", 1)[0] ?? "";
  const [status, body] = answers[url] ?? answers[path] ?? [500, {}];
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

const aSource = (name: string, change: Partial<Source> = {}): Source => ({
  id: `id-${name}`,
  actor: { id: name, name },
  format: "wazuh",
  lastReceivedAt: new Date().toISOString(),
  requests: 3,
  received: 1_300,
  accepted: 1_204,
  rejected: 96,
  refused: 1,
  bytes: 16_384,
  lastReject: null,
  ...change,
});

const aReject = (id: string, change: Partial<Reject> = {}): Reject => ({
  id,
  actor: { id: "edge", name: "edge" },
  format: "wazuh",
  at: new Date().toISOString(),
  code: "invalid_alert",
  message: `no title <i>${id}</i>`,
  place: 2,
  payload: '{"a": "<img src=x onerror=alert(1)>\u202e"}',
  size: 40,
  cut: false,
  requestId: "r-1",
  ...change,
});

const sourcesPath = "/api/v1/sources";
const rejectsPath = "/api/v1/rejects";

beforeEach(async () => {
  asked = [];
  sample.value = "";
  senders.senders.value = loading;
  senders.rejects.value = loading;
  me.value = ready({
    id: "p",
    name: "Ada",
    role: "lead",
    scopes: ["reports:read", "policy:manage"],
    environments: null,
    services: null,
  });
  answers = {
    [sourcesPath]: [200, { items: [aSource("wazuh-02"), aSource("edge")], next: null }],
    [rejectsPath]: [200, { items: [aReject("one")], next: null }],
  };
  server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  openAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/sources`);
});

afterEach(async () => {
  // What was asked for is answered before its server goes.
  await expect.poll(() => senders.senders.value.phase).not.toBe("loading");
  await expect.poll(() => senders.rejects.value.phase).not.toBe("loading");
  cleanup();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

it("shows who sends, by name, with what was taken and what was not", async () => {
  render(<SenderSections />);
  const table = await screen.findByRole("table");
  const rows = within(table).getAllByRole("row").slice(1);
  expect(rows.map((row) => row.textContent)).toEqual([
    expect.stringMatching(/^edgewazuhnow.*1,20496 alerts, 1 whole request16\.4 kB$/),
    expect.stringMatching(/^wazuh-02wazuhnow/),
  ]);
});

it("reads every page of senders before it shows the table", async () => {
  answers[`${sourcesPath}?limit=200`] = [200, { items: [aSource("one")], next: "more" }];
  answers[`${sourcesPath}?limit=200&cursor=more`] = [200, { items: [aSource("two")], next: null }];
  render(<SenderSections />);
  expect(within(await screen.findByRole("table")).getAllByRole("row").length).toBe(3);
});

it("says what to do while nobody sends, and that nothing was refused", async () => {
  answers = {
    [sourcesPath]: [200, { items: [], next: null }],
    [rejectsPath]: [200, { items: [], next: null }],
  };
  render(<SenderSections />);
  expect(await screen.findByText(/^Nobody has sent anything yet/)).toBeTruthy();
  expect(await screen.findByText("Nothing was refused in the last seven days.")).toBeTruthy();
});

it("says so when the server does not answer, with a way on", async () => {
  const busy: [number, unknown] = [
    503,
    { error: { code: "overloaded", message: "Too busy", requestId: "r" } },
  ];
  const { [sourcesPath]: good = busy } = answers;
  answers[sourcesPath] = busy;
  render(<SenderSections />);
  expect(await screen.findByText("Too busy.")).toBeTruthy();
  answers[sourcesPath] = good;
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("table")).toBeTruthy();
});

it("shows a payload as text, and only once it is opened", async () => {
  const { container } = render(<SenderSections />);
  const message = await screen.findByText("no title <i>one</i>");
  expect(screen.queryByLabelText("What was sent")).toBeNull();
  const details = message.closest("details");
  if (details === null) throw new Error("it cannot be opened");
  details.open = true;
  fireEvent(details, new Event("toggle"));
  const payload = await screen.findByLabelText("What was sent");
  expect(payload.textContent).toBe('{"a": "<img src=x onerror=alert(1)>⟨U+202E⟩"}');
  expect(container.querySelector("img, i, script")).toBeNull();
  expect(
    screen.getByText(/^Alert no\. 3 of its request · 40 bytes · invalid_alert · request r-1$/),
  ).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Try it as a sample" }));
  expect(sample.value).toContain("<img");
});

it("says when only the beginning of a whole request is kept", async () => {
  const change = { place: null, size: 9_000, cut: true };
  answers[rejectsPath] = [200, { items: [aReject("big", change)], next: null }];
  render(<SenderSections />);
  const details = (await screen.findByText("no title <i>big</i>")).closest("details");
  if (details === null) throw new Error("it cannot be opened");
  details.open = true;
  fireEvent(details, new Event("toggle"));
  expect(
    await screen.findByText(/^The whole request · 9,000 bytes, only the beginning is kept/),
  ).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Try it as a sample" })).toBeNull();
});

it("narrows to one sender from the table and from the list, and back", async () => {
  render(<SenderSections />);
  fireEvent.click(await screen.findByRole("button", { name: /of edge not taken, show why$/ }));
  await expect.poll(() => asked.at(-1)).toBe("/api/v1/rejects?actor=edge&format=wazuh&limit=20");
  const choice = screen.getByLabelText("Sent by");
  expect(choice).toHaveProperty("value", "id-edge");
  expect(document.activeElement?.textContent).toBe("What was refused");
  fireEvent.change(choice, { target: { value: "" } });
  await expect.poll(() => asked.at(-1)).toBe("/api/v1/rejects?&limit=20");
});

it("adds older rejects to the list", async () => {
  answers[`${rejectsPath}?&limit=20`] = [200, { items: [aReject("new")], next: "older" }];
  answers[`${rejectsPath}?&limit=20&cursor=older`] = [200, { items: [aReject("old")], next: null }];
  render(<SenderSections />);
  fireEvent.click(await screen.findByRole("button", { name: "Show older" }));
  expect(await screen.findByText("no title <i>old</i>")).toBeTruthy();
  expect(screen.getByText("no title <i>new</i>")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Show older" })).toBeNull();
});
