import { useEffect, useRef, useState } from "preact/hooks";
import type { Item } from "../lib/api.ts";

const motionMs = 120;

interface Shown {
  item: Item;
  isLeaving: boolean;
}

function wantsMotion(): boolean {
  return !matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** The rows to draw: those that just left stay for the length of their motion, in their old place. */
export function useLeaving(rows: readonly Item[]): Shown[] {
  const before = useRef<readonly Item[]>(rows);
  const [leaving, setLeaving] = useState<ReadonlyMap<string, { item: Item; place: number }>>(new Map());

  useEffect(() => {
    const ids = new Set(rows.map((item) => item.id));
    const gone = before.current
      .map((item, place) => ({ item, place }))
      .filter(({ item }) => !ids.has(item.id));
    before.current = rows;
    if (gone.length === 0 || !wantsMotion()) return;
    setLeaving(new Map(gone.map((one) => [one.item.id, one])));
    const timer = setTimeout(() => setLeaving(new Map()), motionMs);
    return () => clearTimeout(timer);
  }, [rows]);

  const shown: Shown[] = rows.map((item) => ({ item, isLeaving: false }));
  for (const { item, place } of leaving.values()) {
    const isBack = rows.some((row) => row.id === item.id);
    if (!isBack) shown.splice(place, 0, { item, isLeaving: true });
  }
  return shown;
}
