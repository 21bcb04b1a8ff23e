import { chmod, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isAbsolute, join, relative } from "node:path";
import { text } from "node:stream/consumers";
import { systemActor } from "./auth/actors.ts";
import { requestContext } from "./auth/request-context.ts";
import type { Deps } from "./context.ts";
import { ServiceError } from "./errors.ts";
import { parse } from "./parse.ts";
import { createSignInLink, SignInLinkInput } from "./services/access/create-sign-in-link.ts";

/** Bytes of `sun_path` on every system we know, less the NUL at its end. */
const longestPath = 103;

/**
 * The socket in a data folder; the shorter of its two names, because the system takes only short ones. Null when
 * both are too long.
 */
export function controlSocketPath(dataDir: string): string | null {
  const file = join(dataDir, "control.sock");
  const other = isAbsolute(file) ? relative(process.cwd(), file) : file;
  const shorter = other.length < file.length ? other : file;
  return Buffer.byteLength(shorter) > longestPath ? null : shorter;
}

/**
 * Lets whoever owns the data folder ask the server that runs on it for a sign-in link, without any token: the
 * embedded store has room for one process. Mode 0600 is the whole of its protection, and the link is all it gives.
 * Call it only while holding the folder; on PostgreSQL the command line uses the database itself.
 */
export async function startControlSocket(
  deps: Deps,
  dataDir: string,
  url: string,
): Promise<() => Promise<void>> {
  const path = deps.store.kind === "pglite" ? controlSocketPath(dataDir) : null;
  if (path === null) return async () => undefined;
  await rm(path, { force: true });
  const server = createServer((request, response) => void answer(deps, url, request, response));
  try {
    await listenPrivately(server, path);
  } catch (error) {
    deps.log("warn", "control.unavailable", {
      message: error instanceof Error ? error.message : String(error),
    });
    return async () => undefined;
  }
  return async () => {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  };
}

/** The socket is made while `listen` runs, so there is no moment in which somebody else may connect. */
async function listenPrivately(server: Server, path: string): Promise<void> {
  const umask = process.umask(0o177);
  const listening = new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  process.umask(umask);
  await listening;
  await chmod(path, 0o600);
}

async function answer(
  deps: Deps,
  url: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const say = (status: number, body: unknown) => {
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(body));
  };
  try {
    if (request.method !== "POST" || request.url !== "/sign-in-link")
      return say(404, { message: "not here" });
    const input = parse(SignInLinkInput, JSON.parse(await text(request)));
    const link = await createSignInLink(requestContext(deps, systemActor, "control-socket"), input, url);
    say(200, { url: link.url });
  } catch (error) {
    const isOurs = error instanceof ServiceError;
    if (!isOurs) deps.log("error", "control.failed", { message: String(error) });
    say(isOurs ? error.status : 500, { message: isOurs ? error.message : "something went wrong" });
  }
}
