import { type Severity, severities } from "../../../shared/alert.ts";
import type { GridReport } from "../../../shared/report.ts";
import { changeFilters, filters } from "../state/address.ts";
import { inTab } from "../state/filters.ts";
import { grid, loadGrid } from "../state/reports.ts";
import { Notice, Skeleton } from "./notice.tsx";
import { count, counted } from "./numbers.ts";
import { visibleText } from "./visible-text.ts";

type Row = GridReport["rows"][number];

function isChosen(row: Row, severity: Severity | null, hidden: boolean): boolean {
  const now = filters.value;
  const isSameSeverity = severity === null ? now.severity.length === 0 : now.severity.join() === severity;
  return now.environment.join() === row.environment && now.hidden === hidden && isSameSeverity;
}

/** Every band of the cell shows: an open group of severity low is often P4. */
function filterBy(row: Row, severity: Severity | null, hidden: boolean): void {
  const { q, entity, ...rest } = filters.value;
  if (isChosen(row, severity, hidden)) {
    changeFilters({ environment: [], severity: [], hidden: false });
    return;
  }
  const base = inTab({ ...rest, q, entity }, hidden ? "hidden" : "need");
  changeFilters({ ...base, environment: [row.environment], severity: severity === null ? [] : [severity] });
}

function Cell({ row, severity }: { row: Row; severity: Severity }) {
  const open = row[severity];
  if (open === 0) return <td class="none">·</td>;
  const name = `${row.environment}, ${severity}: ${count(open)} open`;
  return (
    <td>
      <button
        type="button"
        class={`cell cell-${severity}`}
        aria-label={`${name}, filter the queue`}
        aria-pressed={isChosen(row, severity, false)}
        onClick={() => filterBy(row, severity, false)}
      >
        {count(open)}
      </button>
    </td>
  );
}

function GridRow({ row }: { row: Row }) {
  return (
    <tr>
      <th scope="row">
        <button
          type="button"
          class="cell cell-name"
          aria-pressed={isChosen(row, null, false)}
          onClick={() => filterBy(row, null, false)}
        >
          {visibleText(row.environment)}
        </button>
        {!row.mapped && <span class="unmapped">counted as production until mapped</span>}
      </th>
      {severities.map((severity) => (
        <Cell key={severity} row={row} severity={severity} />
      ))}
      <td>
        {row.hidden === 0 ? (
          <span class="none">·</span>
        ) : (
          <button
            type="button"
            class="cell cell-hidden"
            aria-label={`${row.environment}: ${counted(row.hidden, "group")} hidden, show them`}
            aria-pressed={isChosen(row, null, true)}
            onClick={() => filterBy(row, null, true)}
          >
            {count(row.hidden)}
          </button>
        )}
      </td>
    </tr>
  );
}

function Table({ rows }: { rows: Row[] }) {
  if (rows.length === 0) return <p class="muted">No environment has sent anything yet.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section class="grid-scroll" tabIndex={0} aria-label="Table of environments">
      <table class="grid">
        <thead>
          <tr>
            <td />
            {[...severities, "hidden"].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <GridRow key={row.environment} row={row} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function GridPanel() {
  const report = grid.value;
  return (
    <section class="card" aria-labelledby="grid-name">
      <h2 id="grid-name">Open by environment and severity</h2>
      {report.phase === "loading" && <Skeleton lines={3} label="Reading the environments" />}
      {report.phase === "failed" && <Notice onRetry={() => void loadGrid()}>{report.because}</Notice>}
      {report.phase === "ready" && <Table rows={report.value.rows} />}
    </section>
  );
}
