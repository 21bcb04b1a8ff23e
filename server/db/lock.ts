import { mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { StartError } from "../errors.ts";

interface Owner {
  pid: number;
  /** Start time of the process in clock ticks since boot; tells a reused pid from the owner. */
  started: string;
}

/**
 * Claims a data folder for this process.
 * @throws StartError when another living process holds the folder
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  const held = await claimLock(join(folder, "lock"));
  if (typeof held === "function") return held;
  throw new StartError(
    `${folder} is in use by another Quietwatch (process ${held.pid}); stop it first or set QUIETWATCH_DATA_DIR to another folder.`,
  );
}

/**
 * Takes the lock that a file is. It names pid and process start, so a killed process does not lock itself out and
 * a reused pid is not taken for it.
 * @returns what gives the lock back, or the living process that holds it
 */
export async function claimLock(file: string): Promise<(() => Promise<void>) | { pid: number }> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (await writeLock(file)) return () => rm(file, { force: true });
    const owner = await readOwner(file);
    if (owner !== null && (await isAlive(owner))) return owner;
    await rm(file, { force: true });
  }
  throw new StartError(`${dirname(file)} cannot be locked: another process keeps taking it.`);
}

async function writeLock(file: string): Promise<boolean> {
  try {
    const handle = await open(file, "wx");
    await handle.writeFile(JSON.stringify({ pid: process.pid, started: await startTime(process.pid) }));
    await handle.sync();
    await handle.close();
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function readOwner(file: string): Promise<Owner | null> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return null;
  }
}

async function isAlive({ pid, started }: Owner): Promise<boolean> {
  if (pid === process.pid) return started === (await startTime(pid));
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  const now = await startTime(pid);
  return now === "" || now === started;
}

/** Field 22 of /proc/PID/stat; empty where there is no /proc. */
async function startTime(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
