import { changeFilters } from "../state/address.ts";
import type { Tab } from "../state/filters.ts";
import { inTab, noFilters } from "../state/filters.ts";
import { counts } from "../state/queue.ts";
import { need } from "../state/summary.ts";
import { count } from "./numbers.ts";

function figure(value: number | undefined): string {
  return value === undefined ? "–" : count(value);
}

function show(tab: Tab) {
  changeFilters(inTab(noFilters, tab));
}

function NeedTile() {
  const of = need.value;
  return (
    <section class="tile" aria-labelledby="tile-need">
      <h2 id="tile-need">Need a person now</h2>
      <p class="figure">{figure(of?.total)}</p>
      <p class="split">
        {(["P1", "P2", "P3"] as const).map((band) => (
          <span key={band} class={of && of[band] > 0 ? `split-${band}` : undefined}>
            {band} {figure(of?.[band])}
          </span>
        ))}
      </p>
    </section>
  );
}

function AwayTile(props: { id: string; name: string; value: number | undefined; because: string; tab: Tab }) {
  return (
    <section class="tile" aria-labelledby={props.id}>
      <h2 id={props.id}>{props.name}</h2>
      <p class="figure">{figure(props.value)}</p>
      <p class="split">
        <span class="away-because">{props.because}</span>
        <button type="button" class="link" onClick={() => show(props.tab)}>
          Show<span class="unseen"> {props.name.toLowerCase()}</span>
        </button>
      </p>
    </section>
  );
}

/** What needs a person, and what was kept away from people. */
export function Tiles() {
  const all = counts.value;
  return (
    <div class="tiles">
      <NeedTile />
      <AwayTile
        id="tile-hidden"
        name="Hidden"
        value={all?.hidden}
        because="each with its reason"
        tab="hidden"
      />
      <AwayTile id="tile-digest" name="In the digest" value={all?.P4} because="P4, no hurry" tab="digest" />
    </div>
  );
}
