import WebSocket from "ws";

interface Answer {
  id?: number;
  type: "success" | "error" | "event";
  result?: unknown;
  error?: string;
  message?: string;
}

/** WebDriver BiDi, bare: it reaches Firefox's own windows, which puppeteer does not. */
export interface Bidi {
  send<T>(method: string, params: object): Promise<T>;
  close(): void;
}

export async function connectBidi(url: string): Promise<Bidi> {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  socket.on("message", (data) => {
    const answer: Answer = JSON.parse(String(data));
    const waiter = waiting.get(answer.id ?? -1);
    if (waiter === undefined) return;
    waiting.delete(answer.id ?? -1);
    if (answer.type === "error") waiter.reject(new Error(`${answer.error}: ${answer.message}`));
    else waiter.resolve(answer.result);
  });
  let last = 0;
  return {
    send: <T>(method: string, params: object) =>
      new Promise<T>((resolve, reject) => {
        last += 1;
        waiting.set(last, { resolve: (value) => resolve(asResult<T>(value)), reject });
        socket.send(JSON.stringify({ id: last, method, params }));
      }),
    close: () => socket.close(),
  };
}

/** The protocol says what each method answers; the caller names it. */
function asResult<T>(value: unknown): T {
  return value as T;
}
