import { createAlarm } from "./alarm.ts";
import { type FollowParts, followLog } from "./follow-log.ts";
import { takeTriageLock } from "./triage-lock.ts";

export type TriageParts = Omit<FollowParts, "alarm" | "stopping">;

/** Follows the log behind the watermark. One works at a time for a store; the others stand by. */
export interface TriageWorker {
  /** Something was committed to the log. */
  poke(): void;
  stop(): Promise<void>;
}

const standbyMs = 2_000;

export function startTriage(parts: TriageParts): TriageWorker {
  const alarm = createAlarm();
  // Its own: what arrives must not make a node that stands by ask for the lock again and again.
  const standby = createAlarm();
  let isStopping = false;
  const done = supervise();

  async function supervise(): Promise<void> {
    while (!isStopping) {
      const lock = await takeTriageLock(parts.store).catch(() => null);
      if (lock !== null) {
        await followLog({ ...parts, alarm, stopping: () => isStopping || !lock.isHeld() })
          .catch((error: unknown) => {
            const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
            parts.log("error", "triage.failed", { message });
          })
          .finally(lock.release);
      }
      if (isStopping) return;
      // What this node appends, another one triages.
      await parts.backlog.refresh().catch(() => undefined);
      await standby.wait(standbyMs);
    }
  }

  return {
    poke: alarm.ring,
    stop: async () => {
      isStopping = true;
      alarm.ring();
      standby.ring();
      await done;
    },
  };
}
