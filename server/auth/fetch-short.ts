import type { Deps } from "../context.ts";
import { OverloadedError } from "../errors.ts";

const timeoutMs = 5_000;
const retrySeconds = 10;

/**
 * The text at an address, which must be short and come at once and from there.
 * @throws OverloadedError
 */
export async function fetchShort(fetch: Deps["fetch"], address: URL, longest: number): Promise<string> {
  const unreachable = new OverloadedError(`${address.host} does not answer as it should`, retrySeconds);
  try {
    const answer = await fetch(address, { redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
    if (answer.status !== 200 || answer.body === null) throw unreachable;
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of answer.body) {
      length += part.length;
      if (length > longest) throw unreachable;
      parts.push(part);
    }
    return Buffer.concat(parts).toString("utf8");
  } catch {
    throw unreachable;
  }
}
