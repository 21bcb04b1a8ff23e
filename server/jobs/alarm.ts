/** A wait that a ring ends; a ring that nobody waits for ends the next one. */
export interface Alarm {
  ring(): void;
  wait(ms: number): Promise<void>;
  /** Waits in any case. */
  pause(ms: number): Promise<void>;
}

export function createAlarm(): Alarm {
  let wake: (() => void) | null = null;
  let rung = false;
  return {
    ring: () => {
      rung = true;
      wake?.();
    },
    wait: async (ms: number) => {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = null;
      rung = false;
    },
    pause: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  };
}
