import { effect, signal } from "@preact/signals";
import type { FunnelReport, GridReport } from "../../../shared/report.ts";
import { type Range, range } from "./address.ts";
import { api } from "./api.ts";
import { failed, type Loaded, loading, ready } from "./loaded.ts";
import { throttled } from "./throttled.ts";

export const funnel = signal<Loaded<FunnelReport>>(loading);
export const grid = signal<Loaded<GridReport>>(loading);

const hours: Readonly<Record<Range, number>> = { "24h": 24, "7d": 7 * 24, "30d": 30 * 24 };

export async function loadFunnel(): Promise<void> {
  const span = range.peek();
  const to = new Date();
  const from = new Date(to.getTime() - hours[span] * 3_600_000);
  try {
    const report = await api.funnel(from.toISOString(), to.toISOString());
    if (span === range.peek()) funnel.value = ready(report);
  } catch (error) {
    if (span === range.peek()) funnel.value = failed(error);
  }
}

export async function loadGrid(): Promise<void> {
  try {
    grid.value = ready(await api.grid());
  } catch (error) {
    if (grid.value.phase !== "ready") grid.value = failed(error);
  }
}

/** Reports read many rows; a flood of changes asks for them once in ten seconds. */
export const refreshReports = throttled(10_000, () => {
  void loadFunnel();
  void loadGrid();
});

export function followRange(): () => void {
  return effect(() => {
    range.value;
    void loadFunnel();
  });
}
