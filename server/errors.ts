import { type FailureCode, failureStatus, type Issue } from "../shared/failure.ts";

/** A refusal that the caller is told about; `app.onError` turns it into the answer. */
export class ServiceError extends Error {
  readonly code: FailureCode;
  readonly issues: Issue[] | undefined;
  /** Seconds after which a retry makes sense; sent as `Retry-After`. */
  readonly retryAfter: number | undefined;

  constructor(code: FailureCode, message: string, extra: { issues?: Issue[]; retryAfter?: number } = {}) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.issues = extra.issues;
    this.retryAfter = extra.retryAfter;
  }

  get status() {
    return failureStatus[this.code];
  }
}

export class NotFoundError extends ServiceError {
  constructor(what: string) {
    super("not_found", `${what} is not there, or not in your scope`);
  }
}

export class NotAllowedError extends ServiceError {
  constructor(what: string) {
    super("not_allowed", what);
  }
}

export class ConflictError extends ServiceError {
  constructor(code: "conflict" | "stale_version" | "changed_since" | "undo_expired", message: string) {
    super(code, message);
  }
}

export class InvalidError extends ServiceError {
  constructor(message: string, issues?: Issue[]) {
    super("invalid", message, issues ? { issues } : {});
  }
}

export class OverloadedError extends ServiceError {
  constructor(message: string, retryAfter: number) {
    super("overloaded", message, { retryAfter });
  }
}

/** What we rest on does not serve just now. */
export class UnavailableError extends ServiceError {
  constructor(message: string, retryAfter: number) {
    super("unavailable", message, { retryAfter });
  }
}

/** Stops the start with one sentence. */
export class StartError extends Error {}
