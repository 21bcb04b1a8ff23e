import type pg from "pg";

/** How many alerts are committed and not triaged yet; past the limit intake asks senders to wait. */
export interface Backlog {
  readonly alerts: number;
  readonly full: boolean;
  /** Past the limit by what is kept for those who send little. */
  readonly over: boolean;
  add(alerts: number): void;
  /** Reads the truth from the store: other nodes append and triage too. */
  refresh(): Promise<void>;
}

const pending = `
  select coalesce(sum(alerts), 0)::float8 as alerts from alert_log
  where seq > (select seq from clock where name = 'triage')`;

export function createBacklog(pool: pg.Pool, most: number): Backlog {
  let alerts = 0;
  return {
    get alerts() {
      return alerts;
    },
    get full() {
      return alerts >= most;
    },
    get over() {
      return alerts >= most * 1.25;
    },
    add: (more) => {
      alerts = Math.max(0, alerts + more);
    },
    refresh: async () => {
      const { rows } = await pool.query({ name: "backlog", text: pending });
      alerts = rows[0].alerts;
    },
  };
}
