/** Calls `work` at once, then at most every `everyMs`; the last request is never dropped. */
export function throttle(work: () => void, everyMs: number, now: () => number = Date.now): () => void {
  let last = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  function run() {
    timer = undefined;
    last = now();
    work();
  }
  return () => {
    if (timer !== undefined) return;
    const wait = last + everyMs - now();
    if (wait <= 0) run();
    else timer = setTimeout(run, wait);
  };
}
