/** One Server-Sent Event. */
export interface StreamEvent {
  event: string;
  data: unknown;
  id: string | null;
}

export interface StreamReader {
  /** Everything that came so far. */
  events: StreamEvent[];
  /** Resolves when the server ended the stream. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

/** Reads an event stream until it is stopped. */
export function readStream(answer: Response): StreamReader {
  if (answer.body === null) throw new Error("the answer has no body");
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  const events: StreamEvent[] = [];
  let text = "";
  const take = (part: string) => {
    text += part;
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    events.push(...blocks.map(parseEvent));
  };
  const ended = (async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      take(value);
    }
  })();
  return {
    events,
    ended,
    stop: async () => {
      await reader.cancel().catch(() => undefined);
      await ended.catch(() => undefined);
    },
  };
}

function parseEvent(block: string): StreamEvent {
  const fields = new Map(
    block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
  );
  return {
    event: fields.get("event") ?? "message",
    data: JSON.parse(fields.get("data") ?? "null"),
    id: fields.get("id") ?? null,
  };
}
