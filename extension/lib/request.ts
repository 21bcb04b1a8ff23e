import { OfflineError, RefusedError, SignInError, StaleError } from "./failures.ts";

export interface Call {
  server: string;
  /** Null for the calls that come before a sign-in. */
  token: string | null;
  fetch: typeof fetch;
}

interface RequestInput {
  method?: "GET" | "POST";
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
}

const patienceMs = 20_000;

/** The server's answers have the types of `shared/`; its schemas stay out of the extension for size. */
export async function json<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch {
    throw new OfflineError("The answer was cut short.", true);
  }
}

/** Sends with the bearer token and never with cookies; anything but a success or a 304 throws. */
export async function request(call: Call, path: string, input: RequestInput = {}): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json", ...input.headers };
  if (call.token !== null) headers.authorization = `Bearer ${call.token}`;
  const send = call.fetch;
  let response: Response;
  try {
    response = await send(`${call.server}/api/v1${path}`, {
      ...input,
      headers,
      signal: input.signal ?? AbortSignal.timeout(patienceMs),
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
  } catch {
    throw new OfflineError("The server cannot be reached.", false);
  }
  if (response.ok || response.status === 304) return response;
  throw await failureOf(response);
}

export function post(call: Call, path: string, body: unknown, idempotencyKey?: string): Promise<Response> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (idempotencyKey !== undefined) headers["idempotency-key"] = idempotencyKey;
  return request(call, path, { method: "POST", headers, body: JSON.stringify(body) });
}

async function failureOf(response: Response): Promise<Error> {
  const { code, message } = await explain(response);
  if (response.status === 401) return new SignInError(message);
  if (response.status === 409) return new StaleError(message, code, response.status);
  if (response.status >= 500 || response.status === 429 || response.status === 408) {
    const seconds = Number(response.headers.get("retry-after"));
    return new OfflineError(message, true, Number.isFinite(seconds) ? Math.max(0, seconds) * 1_000 : 0);
  }
  return new RefusedError(message, code, response.status);
}

/** Sign-in calls answer `{"error":"slow_down"}` (RFC 6749), all others `{"error":{code,message}}`. */
async function explain(response: Response): Promise<{ code: string; message: string }> {
  const fallback = { code: `http_${response.status}`, message: `The server answered ${response.status}.` };
  const body: unknown = await response.json().catch(() => null);
  if (typeof body !== "object" || body === null || !("error" in body)) return fallback;
  const { error } = body;
  if (typeof error === "string") return { code: error, message: error };
  if (typeof error !== "object" || error === null) return fallback;
  const code = "code" in error && typeof error.code === "string" ? error.code : fallback.code;
  const message = "message" in error && typeof error.message === "string" ? error.message : fallback.message;
  return { code, message };
}
