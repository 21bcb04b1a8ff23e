import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { limits } from "../../shared/alert.ts";
import type { Item } from "../../shared/group.ts";
import type { Page } from "../../shared/queue.ts";
import { read, startTestServer, type TestServer } from "../support/test-server.ts";

/** Three bytes a character in UTF-8, and nothing in it that compresses. */
function wide(length: number, seed: number): string {
  let state = seed;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return String.fromCharCode(0x4e00 + (state % 20_000));
  }).join("");
}

describe("an alert at its limits", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  it("is stored, triaged and found again, however many bytes its characters take", async () => {
    const value = wide(limits.entityValue, 1);
    const [id = ""] = await server.send({
      source: wide(limits.source, 2),
      rule: wide(limits.rule, 3),
      title: wide(limits.title, 4),
      environment: wide(limits.environment, 5),
      service: wide(limits.service, 6),
      dedupKey: wide(limits.dedupKey, 7),
      description: wide(limits.description, 8),
      entities: [{ type: "file", value }],
      labels: { [wide(limits.labelName, 9)]: wide(limits.labelValue, 10) },
    });
    const { allEntities } = await server.detail(id);
    expect(allEntities).toContainEqual({ type: "file", value });
    const found = await read<Page<Item>>(
      await server.admin.get(`/api/v1/entities/file/${encodeURIComponent(value)}`),
    );
    expect(found.items.map((item) => item.id)).toEqual([id]);
  });

  it("does not hold up triage with an end behind the last year that a store can write", async () => {
    const alert = {
      labels: { alertname: "Eternal", severity: "warning" },
      startsAt: "2026-03-02T09:00:00Z",
      endsAt: "+275760-09-13T00:00:00Z",
    };
    const answer = await server.admin.post("/api/v1/ingest/alertmanager", [alert]);
    expect(answer.status).toBe(202);
    await server.triage();
    const queue = await read<Page<Item>>(await server.admin.get("/api/v1/queue?band=P3&band=P4&q=Eternal"));
    expect(queue.items).toMatchObject([{ rule: "Eternal", cleared: false }]);
  });
});
