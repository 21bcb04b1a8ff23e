/** Said of an expression that would build or look at too much. */
export class BudgetError extends Error {}

/** Characters of text that count as one value. */
const charactersPerStep = 16;

/**
 * What the expressions on one record may do, in steps that follow from the record alone: a limit of time would give
 * other readings on a busy day. The size of a value is that of its tree, also where parts of it are shared.
 */
export class Budget {
  private left = 0;
  private readonly sizes = new WeakMap<object, number>();

  /** Room for some work and for going over the record many times. */
  start(record: unknown): void {
    this.left = Number.POSITIVE_INFINITY;
    this.left = 5_000 + 50 * this.sizeOf(record);
  }

  spend(steps: number): void {
    this.left -= steps;
    if (this.left < 0) throw new BudgetError("the expression takes too much work on this record");
  }

  spendOn(value: unknown): void {
    this.spend(1 + this.sizeOf(value));
  }

  private sizeOf(value: unknown): number {
    if (typeof value === "string") return 1 + Math.floor(value.length / charactersPerStep);
    if (typeof value !== "object" || value === null) return 1;
    const known = this.sizes.get(value);
    if (known !== undefined) return known;
    let size = 1;
    for (const part of Array.isArray(value) ? value : Object.values(value)) size += this.sizeOf(part);
    this.sizes.set(value, size);
    return size;
  }
}
