import { type RequestOptions, request } from "node:http";
import { text } from "node:stream/consumers";
import * as v from "valibot";
import { controlSocketPath } from "../control-socket.ts";
import { CliError } from "./verb.ts";

const Answer = v.union([v.object({ url: v.string() }), v.object({ message: v.string() })]);

/**
 * Asks the server that runs on the data folder for a sign-in link; null when none runs there.
 * @throws CliError when it refuses
 */
export async function askControlSocket(
  dataDir: string,
  input: { name: string; role?: string },
): Promise<string | null> {
  const socketPath = controlSocketPath(dataDir);
  if (socketPath === null) return null;
  const said = await send({ socketPath, method: "POST", path: "/sign-in-link" }, JSON.stringify(input));
  if (said === null) return null;
  const answer = v.parse(Answer, JSON.parse(said));
  if ("url" in answer) return answer.url;
  throw new CliError(answer.message);
}

/** Whether a server runs on the data folder. */
export async function isServed(dataDir: string): Promise<boolean> {
  const socketPath = controlSocketPath(dataDir);
  return socketPath !== null && (await send({ socketPath, method: "GET", path: "/" }, "")) !== null;
}

/** What tells that nobody listens: a server that was killed leaves its socket behind. */
const absent = new Set(["ENOENT", "ECONNREFUSED", "ENOTSOCK"]);

function send(options: RequestOptions, body: string): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const asking = request(options, (response) => {
      text(response).then(resolve, reject);
    });
    asking.once("error", (error) => {
      if ("code" in error && absent.has(String(error.code))) resolve(null);
      else reject(new CliError(`the server on this data folder does not answer: ${error.message}`));
    });
    asking.end(body);
  });
}
