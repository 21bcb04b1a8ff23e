import { setTimeout as sleep } from "node:timers/promises";
import type { ShipFile, Step } from "./ship-file.ts";
import { filesNamed } from "./ship-names.ts";
import { StoppedError } from "./ship-post.ts";
import type { ShipState } from "./ship-state.ts";

export interface FollowParts {
  names: readonly string[];
  open(file: string): ShipFile;
  state: ShipState;
  /** Ends when nothing is left to send. */
  isOnce: boolean;
  stopping: AbortSignal;
}

const pollMs = 250;

/** Takes the files in turn, a batch each, so that a long one does not hold up the others. */
export async function followFiles(parts: FollowParts): Promise<void> {
  const { state, stopping } = parts;
  const files = new Map<string, ShipFile>();
  try {
    while (!stopping.aborted) {
      const step = await stepAll(files, parts);
      if (step === "moved") continue;
      await state.save();
      if (parts.isOnce && step === "idle") return;
      await sleep(pollMs, undefined, { signal: stopping }).catch(() => undefined);
    }
  } catch (error) {
    if (!(error instanceof StoppedError)) throw error;
  } finally {
    for (const file of files.values()) await file.close();
    await state.save();
  }
}

async function stepAll(files: Map<string, ShipFile>, { names, open, stopping }: FollowParts): Promise<Step> {
  for (const name of await filesNamed(names)) {
    if (!files.has(name)) files.set(name, open(name));
  }
  const steps: Step[] = [];
  for (const file of files.values()) {
    if (!stopping.aborted) steps.push(await file.step());
  }
  if (steps.includes("moved")) return "moved";
  return steps.includes("waits") ? "waits" : "idle";
}
