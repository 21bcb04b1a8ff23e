import type { Source } from "../../../shared/senders.ts";
import { TimeAgo } from "../../../shared/ui/time-ago.tsx";
import { chooseSender, chosenSender, loadSenders, senders } from "../state/senders.ts";
import { Notice, Skeleton } from "./notice.tsx";
import { count, counted } from "./numbers.ts";
import { visibleText } from "./visible-text.ts";

const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
const thousands = 1_000;

/** `16.4 kB` */
function volume(bytes: number): string {
  const step = bytes < thousands ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  if (bytes === 0) return "0";
  const unit = units[step] ?? "byte";
  const format = new Intl.NumberFormat("en", { style: "unit", unit, maximumFractionDigits: 1 });
  return format.format(bytes / thousands ** step);
}

const headings = ["Sender", "Format", "Last heard of", "Taken", "Not taken", "Volume"];

function showRejects(id: string): void {
  chooseSender(id);
  document.getElementById("refused-heading")?.focus();
}

function NotTaken({ source }: { source: Source }) {
  const { rejected, refused } = source;
  if (rejected + refused === 0) return <span class="none">0</span>;
  const parts = [
    ...(rejected > 0 ? [counted(rejected, "alert")] : []),
    ...(refused > 0 ? [counted(refused, "whole request")] : []),
  ];
  return (
    <button
      type="button"
      class="link"
      aria-label={`${parts.join(", ")} of ${source.actor.name} not taken, show why`}
      aria-pressed={chosenSender.value?.id === source.id}
      onClick={() => showRejects(source.id)}
    >
      {parts.join(", ")}
    </button>
  );
}

function SenderRow({ source, now }: { source: Source; now: number }) {
  return (
    <tr>
      <th scope="row" class="hostile">
        {visibleText(source.actor.name)}
      </th>
      <td class="hostile">{visibleText(source.format)}</td>
      <td>
        <TimeAgo at={source.lastReceivedAt} now={now} />
      </td>
      <td class="figures-column">{count(source.accepted)}</td>
      <td class="figures-column">
        <NotTaken source={source} />
      </td>
      <td class="figures-column">{volume(source.bytes)}</td>
    </tr>
  );
}

function SenderTable({ sources, now }: { sources: Source[]; now: number }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section class="grid-scroll" tabIndex={0} aria-label="Table of senders">
      <table class="grid senders-table">
        <thead>
          <tr>
            {headings.map((heading, column) => (
              <th key={heading} scope="col" class={column > 2 ? "figures-column" : undefined}>
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sources.map((source) => (
            <SenderRow key={source.id} source={source} now={now} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Who sent anything lately, and how much of it was taken. */
export function WhoSends({ now }: { now: number }) {
  const shown = senders.value;
  return (
    <section class="card" aria-labelledby="senders-heading">
      <div class="card-top">
        <h2 id="senders-heading">Who sends</h2>
        <span class="muted">Counts of the last 24 hours</span>
      </div>
      {shown.phase === "loading" && <Skeleton lines={3} label="Reading who sends" />}
      {shown.phase === "failed" && <Notice onRetry={() => void loadSenders()}>{shown.because}</Notice>}
      {shown.phase === "ready" && shown.value.length === 0 && (
        <p class="muted">Nobody has sent anything yet. Point a detector at /api/v1/ingest with a token.</p>
      )}
      {shown.phase === "ready" && shown.value.length > 0 && <SenderTable sources={shown.value} now={now} />}
    </section>
  );
}
