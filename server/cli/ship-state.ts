import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import * as v from "valibot";
import { CliError } from "./verb.ts";

const Boundary = v.object({ to: v.pipe(v.number(), v.safeInteger()), mark: v.nullable(v.string()) });

/** How far a file was sent. */
export const Position = v.object({
  /** Drawn anew for each file that stood under the name; part of the idempotency keys. */
  generation: v.string(),
  /** Device and inode at last. */
  id: v.string(),
  offset: v.pipe(v.number(), v.safeInteger()),
  /** What tells the content before `offset`; null at 0. */
  mark: v.nullable(v.string()),
  /** When this was the whole of the file, by the clock of its folder. */
  seenMs: v.number(),
  /** A batch that may or may not have arrived; its repeat has to end at the same place. */
  pending: v.nullable(Boundary),
});
export type Position = v.InferOutput<typeof Position>;

const State = v.object({ version: v.literal(1), files: v.record(v.string(), Position) });

/** Positions of all files that one command follows. */
export interface ShipState {
  path: string;
  get(file: string): Position | null;
  put(file: string, position: Position): void;
  /** Puts what changed on disk, whole or not at all. @throws CliError */
  save(): Promise<void>;
}

/** @throws CliError when there is one that cannot be read: beginning anew would send everything again */
export async function openShipState(path: string): Promise<ShipState> {
  const files = new Map(Object.entries(await readState(path)));
  let isChanged = false;
  return {
    path,
    get: (file) => files.get(file) ?? null,
    put: (file, position) => {
      files.set(file, position);
      isChanged = true;
    },
    save: async () => {
      if (!isChanged) return;
      isChanged = false;
      const text = JSON.stringify({ version: 1, files: Object.fromEntries(files) } satisfies v.InferOutput<
        typeof State
      >);
      await replaceFile(path, `${text}\n`).catch((error: unknown) => {
        throw new CliError(`the position cannot be kept in ${path}: ${String(error)}`);
      });
    },
  };
}

async function readState(path: string): Promise<Record<string, Position>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw new CliError(`${path} cannot be read: ${String(error)}`);
  }
  const state = v.safeParse(v.pipe(v.string(), v.parseJson(), State), text);
  if (state.success) return state.output.files;
  throw new CliError(`${path} holds no positions of this release; move it away to begin anew`);
}

/** A crash at any moment leaves the old content or the new one. */
async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  const file = await open(temporary, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const folder = await open(dirname(path), "r");
  await folder.sync().finally(() => folder.close());
}
