import { Hono, type HonoRequest } from "hono";
import type { AppEnv } from "./app-env.ts";

/**
 * The attributes of a CloudEvent in binary mode, where they are headers and the body is the data. Undefined for
 * every other request, a structured event with copies of its attributes in the headers included.
 */
export function eventHeaders(request: HonoRequest): Record<string, string> | undefined {
  if (request.header("ce-specversion") === undefined) return undefined;
  const contentType = request.header("Content-Type") ?? "";
  if (/^\s*application\/cloudevents/i.test(contentType)) return undefined;
  const attributes = Object.entries(request.header()).flatMap(([header, value]) => {
    const [, name] = /^ce-([a-z0-9]{1,64})$/.exec(header) ?? [];
    return name === undefined ? [] : [[name, decoded(value)]];
  });
  return { ...Object.fromEntries(attributes), datacontenttype: contentType };
}

/** The HTTP binding percent-encodes values; one that does not is taken as it is. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/**
 * The handshake of the CloudEvents webhook profile: may you deliver here? It carries no credential, and the senders
 * that ask send none until they are answered, so it is answered to everybody. It gives nothing away: a delivery still
 * needs its token. The rate is `*` because none is set beforehand; who sends more than can be taken is answered
 * 503 with Retry-After. `WebHook-Request-Callback` is an address a stranger chose and is never called.
 */
export function cloudEventHandshake() {
  return new Hono<AppEnv>().options("/", (c) => {
    c.header("Allow", "OPTIONS, POST");
    if (c.req.header("WebHook-Request-Origin") !== undefined) {
      c.header("WebHook-Allowed-Origin", "*");
      c.header("WebHook-Allowed-Rate", "*");
    }
    return c.body(null, 200);
  });
}
