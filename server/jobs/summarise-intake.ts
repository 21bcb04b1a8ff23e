import type { Log } from "../log.ts";
import { type SenderCounts, senderChanges } from "../observe/sender-counts.ts";

/** One line for each sender and format since the last time, so that a flood of alerts is no flood of lines. */
export function summariseIntake({ log, senders }: { log: Log; senders: SenderCounts }): () => Promise<void> {
  const changes = senderChanges(senders);
  return async () => {
    for (const { count, since } of changes()) {
      const { actor, format } = count;
      log("info", "api.intake.summary", { uid: actor.id, sender: actor.name, format, ...since });
    }
  };
}
