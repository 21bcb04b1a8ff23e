import { readFileSync } from "node:fs";
import * as v from "valibot";
import { ErrorBody } from "../../shared/failure.ts";
import { readClientToken, readEnv } from "../env.ts";
import { CliError, UsageError } from "./verb.ts";

/** A running server and what is shown to it. */
export interface Connection {
  /** Without a slash at the end. */
  url: string;
  token: string;
}

interface Asked {
  server?: string | undefined;
  token?: string | undefined;
  "token-file"?: string | undefined;
}

export const connectionHelp = `
  --server URL      default: QUIETWATCH_PUBLIC_URL, else this machine at QUIETWATCH_PORT
  --token TOKEN     default: QUIETWATCH_TOKEN, else QUIETWATCH_ADMIN_TOKEN (or either as a …_FILE)
  --token-file FILE holds the token, and does not show it to whoever lists the processes`;

/** @throws UsageError, CliError when there is no token */
export function connectionOf({ server, token, "token-file": tokenFile }: Asked): Connection {
  const env = readEnv();
  const url = (server ?? env.publicUrl ?? `http://127.0.0.1:${env.port}`).replace(/\/+$/, "");
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError("--server takes an http or https address");
  }
  const shown = token ?? (tokenFile === undefined ? readClientToken() : tokenIn(tokenFile));
  if (shown === null) throw new CliError("this needs a token: give --token or set QUIETWATCH_TOKEN");
  return { url, token: shown };
}

function tokenIn(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    throw new CliError(`--token-file takes the path of a readable file; ${file} is not`);
  }
}

interface Request {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
  signal?: AbortSignal;
}

/** Sends a request below `/api/v1`. @throws UnreachableError */
export async function ask(
  { url, token }: Connection,
  path: string,
  { headers, ...rest }: Request = {},
): Promise<Response> {
  try {
    return await fetch(`${url}/api/v1${path}`, {
      ...rest,
      headers: { Authorization: `Bearer ${token}`, ...headers },
      redirect: "error",
    });
  } catch (error) {
    throw new UnreachableError(`${url} does not answer${because(error)}`);
  }
}

/** The server is not there, or the connection broke. */
export class UnreachableError extends CliError {}

function because(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return "";
  return `: ${"code" in cause ? String(cause.code) : cause.message}`;
}

/** Sends JSON, if any, and reads the answer. @throws CliError with the server's sentence */
export async function call<T>(
  connection: Connection,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await ask(connection, path, {
    method,
    ...(body !== undefined && {
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
  if (!response.ok) throw new CliError(sentenceOf(response.status, await refusalOf(response)));
  return response.status === 204 ? answerOf<T>(null) : answerOf<T>(await response.json());
}

/** The server's own answer to a request of this release; `T` says which. */
export function answerOf<T>(answer: unknown): T {
  return answer as T;
}

/** What the server said of its refusal; null when something else answered. */
export async function refusalOf(response: Response): Promise<ErrorBody["error"] | null> {
  const text = await response.text();
  try {
    const body = v.safeParse(ErrorBody, JSON.parse(text));
    return body.success ? body.output.error : null;
  } catch {
    return null;
  }
}

export function sentenceOf(status: number, refusal: ErrorBody["error"] | null): string {
  return refusal === null ? `the answer was ${status}, and not from Quietwatch` : refusal.message;
}
