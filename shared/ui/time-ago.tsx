import { exactTime, relativeTime } from "./relative-time.ts";

/** A relative time with the exact one on hover and for screen readers. `now` comes from `useNow`. */
export function TimeAgo({ at, now }: { at: string; now: number }) {
  const exact = exactTime(at);
  return (
    <time class="time-ago" dateTime={at} title={exact}>
      {relativeTime(at, now)}
      <span class="unseen">, {exact}</span>
    </time>
  );
}
