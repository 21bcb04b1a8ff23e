import { signal } from "@preact/signals";

export interface Toast {
  id: number;
  text: string;
  tone: "done" | "failed";
  offer: { label: string; key: string | null; run: () => void } | null;
}

export const toast = signal<Toast | null>(null);

/** Long enough to read a sentence and reach a button. */
export const toastMs = 10_000;

let last = 0;

export function say(text: string, tone: Toast["tone"] = "done", offer: Toast["offer"] = null): void {
  last += 1;
  toast.value = { id: last, text, tone, offer };
}

export function dismiss(id: number): void {
  if (toast.value?.id === id) toast.value = null;
}
