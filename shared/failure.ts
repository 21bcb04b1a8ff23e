import * as v from "valibot";

/** Every code an error answer may carry, with the HTTP status it travels under. */
export const failureStatus = {
  unreadable: 400,
  unauthenticated: 401,
  sign_in_expired: 401,
  not_allowed: 403,
  origin_refused: 403,
  not_found: 404,
  conflict: 409,
  stale_version: 409,
  changed_since: 409,
  undo_expired: 409,
  too_large: 413,
  too_many_alerts: 413,
  unsupported_type: 415,
  invalid: 422,
  invalid_alert: 422,
  unknown_format: 422,
  key_reused: 422,
  field_too_long: 422,
  too_many_items: 422,
  nul_character: 422,
  lone_surrogate: 422,
  nested_too_deep: 422,
  authorization_pending: 400,
  slow_down: 400,
  expired_token: 400,
  invalid_grant: 400,
  access_denied: 400,
  overloaded: 503,
  unavailable: 503,
  internal: 500,
} as const;

export type FailureCode = keyof typeof failureStatus;

export const Issue = v.object({ path: v.string(), message: v.string() });
export type Issue = v.InferOutput<typeof Issue>;

/** The body of every answer that is not a success. */
export const ErrorBody = v.object({
  error: v.object({
    code: v.string(),
    message: v.string(),
    requestId: v.string(),
    issues: v.optional(v.array(Issue)),
  }),
});
export type ErrorBody = v.InferOutput<typeof ErrorBody>;
