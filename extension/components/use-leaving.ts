import { useEffect, useRef, useState } from "preact/hooks";
import type { Item } from "../lib/api.ts";

const motionMs = 120;

interface Shown {
  item: Item;
  isLeaving: boolean;
}

interface Gone {
  item: Item;
  place: number;
}

function wantsMotion(): boolean {
  return !matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** The rows to draw: those that just left stay for the length of their motion, in their old place. */
export function useLeaving(rows: readonly Item[]): Shown[] {
  const before = useRef<readonly Item[]>(rows);
  const [leaving, setLeaving] = useState<readonly Gone[]>([]);

  useEffect(() => {
    const ids = new Set(rows.map((item) => item.id));
    const gone = before.current
      .map((item, place) => ({ item, place }))
      .filter(({ item }) => !ids.has(item.id));
    before.current = rows;
    if (gone.length === 0 || !wantsMotion()) return;
    setLeaving((held) => [...held, ...gone]);
    // Not cleared when the rows change again: that must not keep what left on the screen.
    setTimeout(() => setLeaving((held) => held.filter((one) => !gone.includes(one))), motionMs);
  }, [rows]);

  const shown: Shown[] = rows.map((item) => ({ item, isLeaving: false }));
  for (const { item, place } of leaving) {
    const isShown = shown.some((row) => row.item.id === item.id);
    if (!isShown) shown.splice(place, 0, { item, isLeaving: true });
  }
  return shown;
}
