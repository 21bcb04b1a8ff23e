/** The server could not be reached or could not answer now: the same request may succeed later. */
export class OfflineError extends Error {
  constructor(
    message: string,
    /** False when no answer came at all, so that nothing else will get through either. */
    readonly reached: boolean,
    readonly retryAfterMs = 0,
  ) {
    super(message);
  }
}

/** Nobody is signed in, or the sign-in has ended. */
export class SignInError extends Error {}

/** The server understood and said no. */
export class RefusedError extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** 409: people's state moved on since the action was made. */
export class StaleError extends RefusedError {}
