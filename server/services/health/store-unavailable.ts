import { describeFailure, isStoreFailure } from "../../db/failures.ts";
import { UnavailableError } from "../../errors.ts";

/** The refusal that a failure of the store comes to; null for any other error. */
export function storeUnavailable(error: unknown): UnavailableError | null {
  if (!isStoreFailure(error)) return null;
  return new UnavailableError(`the store ${describeFailure(error)}; try again soon`, 2);
}
