import { escapeControls } from "./escape-controls.ts";
import type { Posted } from "./post-batch.ts";
import type { ShipBatch } from "./ship-batch.ts";

/** Says on standard error what went wrong, and at the end on standard output how much was sent. */
export interface ShipTell {
  say(sentence: string): void;
  told(path: string, batch: ShipBatch, posted: Posted): void;
  end(): void;
}

export function createShipTell(): ShipTell {
  let accepted = 0;
  let rejected = 0;
  const say = (sentence: string) => void process.stderr.write(`quietwatch: ${escapeControls(sentence)}\n`);
  return {
    say,
    told: (path, batch, posted) => {
      accepted += posted.accepted;
      rejected += posted.refused;
      const remarks = batch.remarks.map(({ offset, message }) => ({ place: `at byte ${offset}`, message }));
      for (const { place, message, count } of alike([...remarks, ...rejects(batch, posted)])) {
        say(`${path} ${place}${count === 1 ? "" : ` and ${count - 1} more of this batch`}: ${message}`);
      }
    },
    end: () => {
      const figures = [accepted, rejected].map((count) => count.toLocaleString("en"));
      process.stdout.write(`accepted ${figures[0]}, rejected ${figures[1]}\n`);
    },
  };
}

interface Told {
  place: string;
  message: string;
}

function rejects({ from, to, offsets }: ShipBatch, { accepted, rejected, refused }: Posted): Told[] {
  // A record of some formats holds several alerts; then only where the batch stood can be said.
  const isOneEach = accepted + refused === offsets.length;
  return rejected.map(({ index, message }) => ({
    place: isOneEach ? `at byte ${offsets[index]}` : `in bytes ${from} to ${to}`,
    message: `rejected: ${message}`,
  }));
}

/** What repeats is said once, with the place where it stood first. */
function alike(all: readonly Told[]): (Told & { count: number })[] {
  const byMessage = new Map<string, Told & { count: number }>();
  for (const one of all) {
    const before = byMessage.get(one.message);
    byMessage.set(one.message, { ...(before ?? one), count: (before?.count ?? 0) + 1 });
  }
  return [...byMessage.values()];
}
