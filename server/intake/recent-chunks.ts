import type { Alert, Severity } from "../../shared/alert.ts";
import { createAlertPool } from "./alert-pool.ts";

/** An alert as triage takes it from the log. */
export interface LoggedAlert {
  alert: Alert;
  place: number;
  ceiling: Severity | null;
  /** When it happened by its sender's word, epoch ms; null when it says nothing. Counts in place of the alert's. */
  said: number | null;
}

/** The alerts of a request, by place; null where one was rejected. What repeats is one object. */
export interface ReadAlerts {
  alerts: (Alert | null)[];
  /** Epoch ms by place, NaN where nothing is said. */
  times: Float64Array;
  /** Bytes, about, that are held for them and were not before. */
  weight: number;
}

/** What is kept of an entry. */
export interface Readable extends ReadAlerts {
  header: { ceiling: Severity | null };
  base: number;
}

/** Alerts that this process just committed, already read; bounded, so that triage may find them or not. */
export interface RecentChunks {
  /** Keeps of alerts what triage needs, and of what repeats only one. */
  shared(alerts: readonly (Alert | null)[]): ReadAlerts;
  put(chunk: { id: string; seq: number }, entries: Readable[]): void;
  take(id: string): LoggedAlert[] | null;
  /** Lets go of what the log holds up to this place: another process may have triaged it. */
  forget(seq: number): void;
}

const most = 64 * 1024 * 1024;
/** Of an alert's place: where its object stands, and its time. */
const placeBytes = 16;

export function createRecentChunks(): RecentChunks {
  const chunks = new Map<string, { entries: Readable[]; seq: number; weight: number }>();
  const pool = createAlertPool();
  let held = 0;
  function remove(id: string): Readable[] | null {
    const found = chunks.get(id);
    if (found === undefined) return null;
    chunks.delete(id);
    held -= found.weight;
    return found.entries;
  }
  return {
    shared: (alerts) => {
      const times = new Float64Array(alerts.length).fill(Number.NaN);
      const before = pool.weight;
      const shared = alerts.map((alert, place) => {
        if (alert?.occurredAt !== undefined) times[place] = Date.parse(alert.occurredAt);
        return alert && pool.share(alert);
      });
      return { alerts: shared, times, weight: pool.weight - before + alerts.length * placeBytes };
    },
    put: ({ id, seq }, entries) => {
      const weight = entries.reduce((sum, one) => sum + one.weight, 0);
      if (held + weight > most) return;
      held += weight;
      chunks.set(id, { entries, seq, weight });
    },
    take: (id) => remove(id)?.flatMap(alertsOf) ?? null,
    forget: (upTo) => {
      // They were put in the order of the log.
      for (const [id, { seq }] of chunks) {
        if (seq > upTo) return;
        remove(id);
      }
    },
  };
}

/** The alerts of an entry with their places in the chunk. */
export function alertsOf({ header: { ceiling }, base, alerts, times }: Readable): LoggedAlert[] {
  const logged: LoggedAlert[] = [];
  for (const [i, alert] of alerts.entries()) {
    const said = times[i] ?? Number.NaN;
    if (alert !== null)
      logged.push({ alert, place: base + i, ceiling, said: Number.isNaN(said) ? null : said });
  }
  return logged;
}
