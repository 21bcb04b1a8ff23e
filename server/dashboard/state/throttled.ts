/** At once when idle, then at most once in `everyMs`; the last wish is never lost. */
export function throttled(everyMs: number, run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isWanted = false;

  function later() {
    timer = null;
    if (!isWanted) return;
    isWanted = false;
    start();
  }
  function start() {
    timer = setTimeout(later, everyMs);
    run();
  }
  return () => {
    if (timer === null) start();
    else isWanted = true;
  };
}
