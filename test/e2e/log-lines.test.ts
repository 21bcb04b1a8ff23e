import { expect, it } from "vitest";
import { mozlog } from "../../server/adapters/mozlog.ts";
import { asAdmin, launchServer, scratchFolder } from "./launch-server.ts";

interface Line {
  Type: string;
  Pid: number;
  Fields: Record<string, unknown>;
}

it("a server says when it starts and stops, what it is asked, and all of it is mozlog", async () => {
  const folder = await scratchFolder();
  const server = await launchServer({ QUIETWATCH_DATA_DIR: folder.path, QUIETWATCH_LOG_LEVEL: "info" });
  const alert = { source: "probe", rule: "r", title: "not-for-the-log", severity: "low" };
  const headers = { ...asAdmin, "Content-Type": "application/json" };
  await fetch(`${server.url}/api/v1/alerts`, {
    method: "POST",
    headers,
    body: JSON.stringify([alert, alert]),
  });
  await fetch(`${server.url}/api/v1/me`, { headers });
  await fetch(`${server.url}/healthz`);
  expect((await server.stop()).code).toBe(0);
  await folder.remove();

  const text = server.log();
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line): Line => JSON.parse(line));
  expect(lines[0]?.Type).toBe("server.started");
  expect(lines.at(-1)?.Type).toBe("server.stopped");
  expect(lines.filter(({ Type }) => Type === "server.stopping").length).toBe(1);
  const fieldsOf = (type: string) => lines.filter(({ Type }) => Type === type).map(({ Fields }) => Fields);
  expect(fieldsOf("server.started")).toMatchObject([{ url: server.url, store: "pglite" }]);
  expect(fieldsOf("api.request.summary")).toMatchObject([
    { method: "GET", path: "/api/v1/me", code: 200, remoteAddress: expect.stringMatching(/127\.0\.0\.1$/) },
  ]);
  // What came in its last second is summed up as it ends.
  expect(fieldsOf("api.intake.summary")).toMatchObject([{ format: "alert", received: 2, accepted: 2 }]);
  expect(text).not.toContain("not-for-the-log");
  for (const line of lines) {
    expect(line.Pid).toBe(server.pid);
    expect(mozlog.read(line, true).map(({ reject }) => reject)).toEqual([undefined]);
  }
});
