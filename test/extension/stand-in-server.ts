import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  method: string;
  path: string;
  key: string | undefined;
  token: string | undefined;
  cookie: string | undefined;
  etag: string | undefined;
  lastEventId: string | undefined;
  body: unknown;
}

export interface StandIn {
  url: string;
  received: Received[];
  close(): Promise<void>;
}

/** Answers with JSON; a null status breaks the connection after the request has arrived. */
export type Answer = { status: number | null; body?: unknown; headers?: Record<string, string> };

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return chunks.length === 0 ? null : JSON.parse(Buffer.concat(chunks).toString());
}

function read(request: IncomingMessage, body: unknown): Received {
  const { headers } = request;
  const one = (name: string) => headers[name]?.toString();
  return {
    method: request.method ?? "",
    path: (request.url ?? "").replace("/api/v1", ""),
    key: one("idempotency-key"),
    token: one("authorization"),
    cookie: one("cookie"),
    etag: one("if-none-match"),
    lastEventId: one("last-event-id"),
    body,
  };
}

/** A real HTTP server whose answers the test writes; `take` may also keep the response, as a stream does. */
export async function standIn(
  take: (received: Received, response: ServerResponse) => Answer | null,
): Promise<StandIn> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const one = read(request, await readBody(request));
    received.push(one);
    const answer = take(one, response);
    if (answer === null) return;
    if (answer.status === null) {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
    response.end(answer.body === undefined ? "" : JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
