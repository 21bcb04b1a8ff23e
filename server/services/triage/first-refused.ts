/**
 * Finds the first of `length` that is refused after all those before it, knowing that the first `good` are not. Looks
 * near by first, since what is refused often comes in rows, then ever further, and halves what is left.
 * @param attempt tries out the first `end`; gives why they are refused, or null
 */
export async function firstRefused(
  attempt: (end: number) => Promise<unknown>,
  good: number,
  length: number,
): Promise<{ index: number; error: unknown } | null> {
  let low = good;
  let high = low;
  let error: unknown = null;
  for (let step = 1; error === null; step *= 2) {
    low = high;
    if (low === length) return null;
    high = Math.min(length, low + step);
    error = await attempt(high);
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const here = await attempt(middle);
    if (here === null) low = middle;
    else {
      high = middle;
      error = here;
    }
  }
  return { index: low, error };
}
