import { signal } from "@preact/signals";

export const panels = ["note", "snooze", "resolve"] as const;
export type Panel = (typeof panels)[number];

/** The input that is open, and on which item; one at a time. */
export const openPanel = signal<{ id: string; panel: Panel } | null>(null);

export function togglePanel(id: string, panel: Panel): void {
  const open = openPanel.value;
  openPanel.value = open?.id === id && open.panel === panel ? null : { id, panel };
}

export function closePanel(): void {
  openPanel.value = null;
}
