import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate, openStore, type Store } from "../../server/db/client.ts";

describe("the embedded store", () => {
  let folder: string;
  let store: Store;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "quietwatch-store-"));
    store = await openStore({ dataDir: folder });
    await migrate(store);
  }, 60_000);

  afterAll(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  it("syncs a file for every commit", async () => {
    const before = store.syncs() ?? 0;
    for (let i = 0; i < 50; i += 1) {
      await store.pool.query("update clock set seq = seq + 1 where name = 'live'");
    }
    expect((store.syncs() ?? 0) - before).toBeGreaterThanOrEqual(50);
  });

  it("goes on with a clean session after an error", async () => {
    const insert = { name: "clock", text: "insert into clock values ($1, 0)", values: ["twice"] };
    await store.pool.query(insert);
    await expect(store.pool.query(insert)).rejects.toMatchObject({ code: "23505" });
    await expect(store.pool.query({ ...insert, values: ["thrice"] })).resolves.toMatchObject({ rowCount: 1 });
  });

  it("refuses a folder that another process holds, with a sentence that names it", async () => {
    await expect(openStore({ dataDir: folder })).rejects.toThrow(`${folder} is in use by another Quietwatch`);
  });

  it("takes over the lock of a process that was killed", async () => {
    const other = await mkdtemp(join(tmpdir(), "quietwatch-store-"));
    await writeFile(join(other, "lock"), JSON.stringify({ pid: process.pid, started: "1" }));
    const taken = await openStore({ dataDir: other });
    await taken.close();
    await rm(other, { recursive: true });
  }, 60_000);

  it("refuses a folder of another PostgreSQL major version with the way out", async () => {
    const other = await mkdtemp(join(tmpdir(), "quietwatch-store-"));
    const first = await openStore({ dataDir: other });
    await first.close();
    await writeFile(join(other, "postgres", "PG_VERSION"), "17\n");
    await expect(openStore({ dataDir: other })).rejects.toThrow("export it with the release that wrote it");
    await rm(other, { recursive: true });
  }, 60_000);
});
