import { existsSync } from "node:fs";
import { mkdir, readFile, statfs } from "node:fs/promises";
import { join } from "node:path";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { migrate as runMigrations } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { StartError } from "../errors.ts";
import { lockFolder } from "./lock.ts";
import { startPglite } from "./pglite-connection.ts";
import * as schema from "./schema.ts";

export type Db = NodePgDatabase<typeof schema>;

/** A transaction or the pool itself; what a query needs. */
export type Queryable = Pick<Db, "select" | "insert" | "update" | "delete" | "execute" | "transaction">;

/** Bytes on the disk that holds the embedded store. */
export interface Room {
  free: number;
  total: number;
}

export interface Store {
  readonly kind: "pglite" | "postgres";
  readonly db: Db;
  readonly pool: pg.Pool;
  /** File syncs since the start; null where the database is not ours to watch. */
  syncs(): number | null;
  /** Why the embedded database ended, while it is not open again; null where that is not ours to know. */
  fault(): string | null;
  /** Null where the disk is not ours to look at. */
  room(): Promise<Room | null>;
  /** A copy of the whole embedded database, for cloning; null on PostgreSQL. */
  dump(): Promise<Blob> | null;
  close(): Promise<void>;
}

export type StoreOptions =
  | { databaseUrl: string }
  /** `dataDir` null keeps everything in memory. */
  | { dataDir: string | null; load?: Blob };

const pgliteMajor = "18";
const reachMs = 10_000;

export async function openStore(options: StoreOptions): Promise<Store> {
  return "databaseUrl" in options ? openPostgres(options.databaseUrl) : openPglite(options);
}

/** Applies what is missing of the migrations; nodes that start together wait for each other. */
export async function migrate(store: Store): Promise<void> {
  const migrationsFolder = join(import.meta.dirname, "migrations");
  if (store.kind === "pglite") return runMigrations(store.db, { migrationsFolder });
  const client = await store.pool.connect();
  try {
    await client.query("select pg_advisory_lock(748311)");
    await runMigrations(drizzle(client, { schema }), { migrationsFolder });
  } finally {
    await client.query("select pg_advisory_unlock(748311)").finally(() => client.release());
  }
}

async function openPostgres(databaseUrl: string): Promise<Store> {
  await reach(databaseUrl);
  const pool = withoutSurprises(
    new pg.Pool({
      connectionString: databaseUrl,
      max: 12,
      application_name: "quietwatch",
      // Also how long a query waits for one of the connections.
      connectionTimeoutMillis: reachMs,
    }),
  );
  return {
    kind: "postgres",
    pool,
    db: drizzle(pool, { schema }),
    syncs: () => null,
    fault: () => null,
    room: async () => null,
    dump: () => null,
    close: () => pool.end(),
  };
}

/**
 * Without a listener the end of a connection would stop the process, whether it is idle or, between two statements of
 * a transaction, in somebody's hands; the next query reports it anyway.
 */
function withoutSurprises(pool: pg.Pool): pg.Pool {
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

/** @throws StartError when nobody answers there, or lets us in */
async function reach(databaseUrl: string): Promise<void> {
  try {
    const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: reachMs });
    await client.connect();
    await client.end();
  } catch (error) {
    // What was given holds a password, so only where it leads is said.
    const where = URL.canParse(databaseUrl) ? ` at ${new URL(databaseUrl).host}` : "";
    throw new StartError(
      `QUIETWATCH_DATABASE_URL must lead to a PostgreSQL that lets us in; there is none${where} (${reasonOf(error)}).`,
    );
  }
}

/** The system's name of the error, which says more than its message where several addresses were tried. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return /^E[A-Z]+/.test(code) ? code : messageOf(error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function openPglite({ dataDir, load }: { dataDir: string | null; load?: Blob }): Promise<Store> {
  const unlock = dataDir === null ? async () => undefined : await claimFolder(dataDir);
  const folder = dataDir === null ? null : join(dataDir, "postgres");
  const server = await startPglite({ folder, ...(load && { load }) }).catch(async (error: unknown) => {
    await unlock();
    throw new StartError(`the store in ${dataDir} does not open (${messageOf(error)}).`);
  });
  const pool = withoutSurprises(
    new pg.Pool({ max: 1, stream: () => server.connect(), user: "postgres", database: "postgres" }),
  );
  return {
    kind: "pglite",
    pool,
    db: drizzle(pool, { schema }),
    syncs: server.syncs,
    fault: server.fault,
    room: () => roomOf(folder),
    dump: server.dump,
    close: async () => {
      await pool.end();
      await server.close();
      await unlock();
    },
  };
}

async function roomOf(folder: string | null): Promise<Room | null> {
  if (folder === null) return null;
  const { bavail, blocks, bsize } = await statfs(folder);
  return { free: bavail * bsize, total: blocks * bsize };
}

async function takeFolder(dataDir: string): Promise<() => Promise<void>> {
  try {
    await mkdir(dataDir, { recursive: true });
    return await lockFolder(dataDir);
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(
      `QUIETWATCH_DATA_DIR must be a folder that can be written; ${dataDir} is not (${reasonOf(error)}).`,
    );
  }
}

async function claimFolder(dataDir: string): Promise<() => Promise<void>> {
  const unlock = await takeFolder(dataDir);
  const versionFile = join(dataDir, "postgres", "PG_VERSION");
  if (existsSync(versionFile)) {
    const major = (await readFile(versionFile, "utf8")).trim();
    if (major !== pgliteMajor) {
      await unlock();
      throw new StartError(
        `${dataDir} was written by PostgreSQL ${major} and this release reads ${pgliteMajor}: export it with the release that wrote it (quietwatch export), then import it here (quietwatch import).`,
      );
    }
  }
  return unlock;
}
