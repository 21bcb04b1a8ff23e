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
  put(chunk: string, entries: Readable[], bytes: number): void;
  take(chunk: string): LoggedAlert[] | null;
}

const most = 48 * 1024 * 1024;

export function createRecentChunks(): RecentChunks {
  const chunks = new Map<string, { alerts: LoggedAlert[]; bytes: number }>();
  let held = 0;
  return {
    put: (chunk, entries, bytes) => {
      if (held + bytes > most) return;
      held += bytes;
      chunks.set(chunk, { alerts: entries.flatMap(alertsOf), bytes });
    },
    take: (chunk) => {
      const found = chunks.get(chunk);
      if (found === undefined) return null;
      chunks.delete(chunk);
      held -= found.bytes;
      return found.alerts;
    },
  };
}

/** The alerts of an entry with their places in the chunk. */
export function alertsOf({ header, base, alerts }: Readable): LoggedAlert[] {
  return alerts.flatMap((alert, i) =>
    alert === null ? [] : [{ alert, place: base + i, ceiling: header.ceiling }],
  );
}
