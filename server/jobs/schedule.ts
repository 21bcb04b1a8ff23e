import type { Log } from "../log.ts";

/** Something that is done again and again, never twice at once. */
export interface Job {
  name: string;
  everyMs: number;
  run(): Promise<void>;
}

/** Runs jobs until the returned function is called; a job that fails is logged and tried again at its next time. */
export function schedule(jobs: readonly Job[], log: Log): () => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const start = (job: Job) => {
    if (running.has(job.name)) return;
    const work = job
      .run()
      .catch((error: unknown) => {
        log("error", "job.failed", {
          job: job.name,
          message: error instanceof Error ? error.message : String(error),
        });
      })
      .finally(() => running.delete(job.name));
    running.set(job.name, work);
  };
  const timers = jobs.map((job) => setInterval(() => start(job), job.everyMs));
  for (const job of jobs) start(job);
  return async () => {
    for (const timer of timers) clearInterval(timer);
    await Promise.all(running.values());
  };
}
