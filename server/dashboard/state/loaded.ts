import { sentenceFor } from "./api.ts";

/** What a part of the page knows about something it asked the server for. */
export type Loaded<T> =
  | { phase: "loading" }
  | { phase: "ready"; value: T }
  | { phase: "failed"; because: string };

export const loading = { phase: "loading" } as const;

export function ready<T>(value: T): Loaded<T> {
  return { phase: "ready", value };
}

export function failed(error: unknown): { phase: "failed"; because: string } {
  return { phase: "failed", because: sentenceFor(error) };
}
