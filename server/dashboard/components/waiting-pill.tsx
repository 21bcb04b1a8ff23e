import { listing, showNew } from "../state/queue.ts";
import { Key } from "./key.tsx";
import { count } from "./numbers.ts";

/** New items wait here while the reader reads, so that nothing moves under the eyes. */
export function WaitingPill() {
  const { waiting } = listing.value;
  const urgent = waiting.filter((item) => item.band === "P1").length;
  return (
    <div class="waiting" role="status">
      {waiting.length > 0 && (
        <button type="button" class={urgent > 0 ? "pill pill-urgent" : "pill"} onClick={show}>
          {count(waiting.length)} new{urgent > 0 ? `, ${count(urgent)} of them P1` : ""} · show
          <Key name="." />
        </button>
      )}
    </div>
  );
}

function show() {
  showNew();
  document.getElementById("queue")?.scrollIntoView({ block: "start" });
}
