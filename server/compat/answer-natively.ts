import type { Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Deps } from "../context.ts";
import { ServiceError } from "../errors.ts";
import type { AppEnv } from "../routes/app-env.ts";
import { storeUnavailable } from "../services/health/store-unavailable.ts";

/** An error in the words of whoever is stood in for. */
export type NativeRefusal = (
  c: Context<AppEnv>,
  status: ContentfulStatusCode,
  message: string,
  error: ServiceError | null,
) => Response;

/** Tells errors of a stand-in in its own form; what we did not foresee never shows its message. */
export function answerNatively(app: Hono<AppEnv>, log: Deps["log"], refuse: NativeRefusal): void {
  app.onError((thrown, c) => {
    const error = storeUnavailable(thrown) ?? thrown;
    if (error instanceof ServiceError) {
      if (error.retryAfter !== undefined) c.header("Retry-After", String(error.retryAfter));
      return refuse(c, error.status, error.message, error);
    }
    const { requestId } = c.var;
    const { message, stack } = error;
    log("error", "api.failed", { requestId, path: c.req.path, message, stack });
    return refuse(c, 500, `something went wrong here; it was logged as ${requestId}`, null);
  });
}
