import { relativeTime } from "../../../shared/ui/relative-time.ts";
import { counts } from "../state/queue.ts";
import { type Need, need, unacknowledged } from "../state/summary.ts";
import { count, counted } from "./numbers.ts";

function age(oldest: string, now: number): string {
  const text = relativeTime(oldest, now);
  return text === "now" ? "less than a minute" : text;
}

function second(of: Need, now: number): string {
  const done = of.acknowledged > 0 ? `${count(of.acknowledged)} acknowledged` : "";
  if (of.total === 0) return done === "" ? "Nothing needs you." : `${done}, none waiting.`;
  const oldest =
    of.oldest === null
      ? ""
      : `oldest unacknowledged ${of.isPartial ? "at least " : ""}${age(of.oldest, now)}`;
  return [oldest, done].filter((part) => part !== "").join(" · ");
}

function kept(): string {
  const all = counts.value;
  if (all === null) return "";
  return `${count(all.hidden)} hidden, ${counted(all.P4, "item")} in the digest.`;
}

/** The first words on the page: is the queue under control? */
export function Headline({ now }: { now: number }) {
  const of = need.value;
  if (of === null) {
    const failed = unacknowledged.value.phase === "failed";
    return <h1 class="headline">{failed ? "The queue could not be read." : "Looking…"}</h1>;
  }
  const first =
    of.total === 0 ? "In control." : `${count(of.total)} ${of.total === 1 ? "needs" : "need"} you`;
  return (
    <h1 class="headline">
      {first}
      {of.total > 0 && ","}
      <small>
        {" "}
        {second(of, now)}
        {of.total === 0 && ` ${kept()}`}
      </small>
    </h1>
  );
}
