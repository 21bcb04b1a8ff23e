import type { Context as HonoContext } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ErrorBody, FailureCode } from "../../shared/failure.ts";
import { ServiceError } from "../errors.ts";
import type { Log } from "../log.ts";
import { storeUnavailable } from "../services/health/store-unavailable.ts";
import type { AppEnv } from "./app-env.ts";
import { redactedPath } from "./redacted-path.ts";

/** The only place where an error becomes an answer; what we did not foresee never shows its message. */
export function answerError(log: Log) {
  return (thrown: Error, c: HonoContext<AppEnv>) => {
    const { requestId } = c.var;
    const error = storeUnavailable(thrown) ?? thrown;
    if (error instanceof ServiceError) {
      if (error.retryAfter !== undefined) c.header("Retry-After", String(error.retryAfter));
      return c.json(body(error.code, error.message, requestId, error.issues), error.status);
    }
    if (error instanceof HTTPException) {
      const code = error.status === 413 ? "too_large" : "unreadable";
      return c.json(body(code, error.message, requestId), error.status === 413 ? 413 : 400);
    }
    log("error", "api.failed", {
      requestId,
      path: redactedPath(c.req.path),
      message: error.message,
      stack: error.stack,
    });
    return c.json(body("internal", "something went wrong here; it was logged", requestId), 500);
  };
}

function body(
  code: FailureCode,
  message: string,
  requestId: string,
  issues?: ServiceError["issues"],
): ErrorBody {
  return { error: { code, message, requestId, ...(issues !== undefined && { issues }) } };
}
