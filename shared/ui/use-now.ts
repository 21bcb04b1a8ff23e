import { useEffect, useState } from "preact/hooks";

/** The current time in milliseconds, renewed every `everyMs`, so that relative times keep moving. */
export function useNow(everyMs = 15_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
