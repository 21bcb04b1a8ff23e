import { createParser } from "eventsource-parser";

export interface ServerEvent {
  name: string;
  id: string | null;
  data: string;
}

/** Reads Server-Sent Events until the stream ends; a broken or aborted stream rejects. */
export async function readEvents(
  body: ReadableStream<Uint8Array>,
  onEvent: (event: ServerEvent) => void,
  onSign: () => void,
): Promise<void> {
  const parser = createParser({
    onEvent: (event) => onEvent({ name: event.event ?? "message", id: event.id ?? null, data: event.data }),
  });
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    onSign();
    parser.feed(decoder.decode(value, { stream: true }));
  }
}
