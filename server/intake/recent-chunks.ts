import type { Alert, Severity } from "../../shared/alert.ts";

/** An alert as triage takes it from the log. */
export interface LoggedAlert {
  alert: Alert;
  place: number;
  ceiling: Severity | null;
}

interface Readable {
  header: { ceiling: Severity | null };
  base: number;
  alerts: (Alert | null)[];
}

/** Alerts that this process just committed, already read; bounded, so that triage may find them or not. */
export interface RecentChunks {
  put(chunk: { id: string; seq: number; bytes: number }, entries: Readable[]): void;
  take(id: string): LoggedAlert[] | null;
  /** Lets go of what the log holds up to this place: another process may have triaged it. */
  forget(seq: number): void;
}

const most = 48 * 1024 * 1024;

export function createRecentChunks(): RecentChunks {
  const chunks = new Map<string, { alerts: LoggedAlert[]; seq: number; bytes: number }>();
  let held = 0;
  function take(id: string): LoggedAlert[] | null {
    const found = chunks.get(id);
    if (found === undefined) return null;
    chunks.delete(id);
    held -= found.bytes;
    return found.alerts;
  }
  return {
    put: ({ id, seq, bytes }, entries) => {
      if (held + bytes > most) return;
      held += bytes;
      chunks.set(id, { alerts: entries.flatMap(alertsOf), seq, bytes });
    },
    take,
    forget: (upTo) => {
      // They were put in the order of the log.
      for (const [id, { seq }] of chunks) {
        if (seq > upTo) return;
        take(id);
      }
    },
  };
}

/** The alerts of an entry with their places in the chunk. */
export function alertsOf({ header, base, alerts }: Readable): LoggedAlert[] {
  return alerts.flatMap((alert, i) =>
    alert === null ? [] : [{ alert, place: base + i, ceiling: header.ceiling }],
  );
}
