// @vitest-environment happy-dom
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NoteForm } from "../../server/dashboard/components/note-form.tsx";
import { PairPage } from "../../server/dashboard/pages/pair-page.tsx";
import { SignInPage } from "../../server/dashboard/pages/sign-in-page.tsx";
import { isSignedOut } from "../../server/dashboard/state/api.ts";
import { toast } from "../../server/dashboard/state/toast.ts";
import { anItem } from "./an-item.ts";

interface Call {
  path: string;
  key: string | undefined;
  body: unknown;
}
type Answer = [status: number, body?: unknown];

let server: Server;
let calls: Call[] = [];
let answers: Answer[] = [];

async function answer(request: IncomingMessage, response: ServerResponse) {
  let body = "";
  for await (const chunk of request) body += chunk;
  const key = request.headers["idempotency-key"];
  calls.push({
    path: request.url ?? "",
    key: typeof key === "string" ? key : undefined,
    body: body === "" ? null : JSON.parse(body),
  });
  const [status, value] = answers.shift() ?? [500];
  response.writeHead(status, { "content-type": "application/json" });
  response.end(value === undefined ? undefined : JSON.stringify(value));
}

function refusal(code: string, message: string) {
  return { error: { code, message, requestId: "r1" } };
}

/** The page's address is the server's, as it is in a browser. */
function openAt(url: string) {
  const page: unknown = Reflect.get(window, "happyDOM");
  if (typeof page !== "object" || page === null) throw new Error("these tests need happy-dom");
  const setUrl: unknown = Reflect.get(page, "setURL");
  if (typeof setUrl === "function") setUrl.call(page, url);
}

beforeEach(async () => {
  calls = [];
  answers = [];
  isSignedOut.value = false;
  toast.value = null;
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  openAt(`http://127.0.0.1:${port}/`);
});

afterEach(async () => {
  cleanup();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

describe("signing in", () => {
  function open(token: string) {
    const visited: string[] = [];
    render(<SignInPage token={token} next="/pair" go={(path) => visited.push(path)} />);
    return visited;
  }

  it("uses the link only when the button is pressed, then goes on", async () => {
    answers = [[204]];
    const visited = open("secret-1");
    expect(calls).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
    await expect.poll(() => visited).toEqual(["/pair"]);
    expect(calls).toMatchObject([{ path: "/api/v1/auth/link", body: { token: "secret-1" } }]);
  });

  it("says that a used link is used and how to get another", async () => {
    answers = [[401, refusal("unauthenticated", "no")]];
    open("old");
    fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByText("This link has been used or has expired.")).toBeTruthy();
    expect(screen.getByText("npm run -s cli -- sign-in-link")).toBeTruthy();
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("keeps the button when the server is only busy", async () => {
    answers = [[503, refusal("overloaded", "Too busy, try again")]];
    open("fine");
    fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByText("Too busy, try again.")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Sign in" })).toBeTruthy();
  });

  it("without a token says where the link comes from", () => {
    open("");
    expect(screen.getByText("npm run -s cli -- sign-in-link")).toBeTruthy();
  });
});

describe("pairing", () => {
  const request = {
    client: "quietwatch-extension",
    userCode: "ABCD-EFGH",
    expiresAt: "2099-01-01T00:00:00Z",
  };

  it("shows who asks and approves", async () => {
    answers = [
      [200, request],
      [200, { client: request.client, approved: true }],
    ];
    render(<PairPage code="abcdefgh" />);
    fireEvent.click(await screen.findByRole("button", { name: "Approve" }));
    expect(await screen.findByText("quietwatch-extension is paired. You can close this page.")).toBeTruthy();
    expect(calls[0]?.path).toBe("/api/v1/auth/device/ABCD-EFGH");
    expect(calls[1]).toMatchObject({
      path: "/api/v1/auth/device/approve",
      body: { userCode: "ABCD-EFGH", approve: true },
    });
  });

  it("denies", async () => {
    answers = [
      [200, request],
      [200, { client: request.client, approved: false }],
    ];
    render(<PairPage code="ABCD-EFGH" />);
    fireEvent.click(await screen.findByRole("button", { name: "Deny" }));
    expect(await screen.findByText(/^Denied\. Nothing was paired/)).toBeTruthy();
    expect(calls[1]?.body).toEqual({ userCode: "ABCD-EFGH", approve: false });
  });

  it("says that an unknown code is not known and lets another be tried", async () => {
    answers = [[404, refusal("not_found", "no such code")]];
    render(<PairPage code="ZZZZ-ZZZZ" />);
    expect(await screen.findByText(/^This code is not known or has expired/)).toBeTruthy();
    expect(screen.getByLabelText("Code shown in the extension")).toBeTruthy();
  });

  it("sends a person who is not signed in to sign in, and back with the code", async () => {
    answers = [[401, refusal("unauthenticated", "Sign in first")]];
    render(<PairPage code="ABCD-EFGH" />);
    const link = await screen.findByRole("link", { name: "Sign in" });
    expect(link.getAttribute("href")).toBe("/sign-in?next=%2Fpair%3Fcode%3DABCD-EFGH");
  });
});

describe("a note", () => {
  it("keeps its text when the server fails, and trying again uses the same key", async () => {
    answers = [
      [500, refusal("internal", "Something broke")],
      [200, { actionId: "a1", item: anItem({ noteCount: 1 }) }],
    ];
    render(<NoteForm item={anItem()} />);
    fireEvent.input(screen.getByLabelText("Note"), { target: { value: "Isolating the host" } });
    fireEvent.click(screen.getByRole("button", { name: "Save note" }));
    await expect.poll(() => toast.value?.text).toBe("Note not saved. Something broke.");
    expect(screen.getByDisplayValue("Isolating the host")).toBeTruthy();
    toast.value?.offer?.run();
    await expect.poll(() => toast.value?.text).toBe("Note saved.");
    const notes = calls.filter((call) => call.path === "/api/v1/items/item-1/annotate");
    expect(notes).toHaveLength(2);
    expect(notes[0]?.key).toMatch(/^[0-9a-f-]{36}$/);
    expect(notes[1]).toEqual(notes[0]);
  });
});
