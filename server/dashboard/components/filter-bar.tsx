import { useEffect, useState } from "preact/hooks";
import { type Severity, severities } from "../../../shared/alert.ts";
import { type Band, bands } from "../../../shared/group.ts";
import { changeFilters, clearFilters, filters } from "../state/address.ts";
import { narrowing, type Tab, tabOf } from "../state/filters.ts";
import { listing } from "../state/queue.ts";
import { grid } from "../state/reports.ts";
import { visibleText } from "./visible-text.ts";

interface ChoiceProps<T extends string> {
  name: string;
  all: string;
  options: readonly T[];
  chosen: readonly T[];
  onChoose: (chosen: T[]) => void;
}

/** One of the options or all; several at once can come from the address only and show as one choice. */
function Choice<T extends string>({ name, all, options, chosen, onChoose }: ChoiceProps<T>) {
  const several = chosen.length > 1 ? chosen.join(" + ") : null;
  return (
    <select
      aria-label={name}
      value={several ?? chosen[0] ?? ""}
      onChange={(event) => {
        const picked = options.find((option) => option === event.currentTarget.value);
        onChoose(picked === undefined ? [] : [picked]);
      }}
    >
      <option value="">{all}</option>
      {several && <option value={several}>{visibleText(several)}</option>}
      {options.map((option) => (
        <option key={option} value={option}>
          {visibleText(option)}
        </option>
      ))}
    </select>
  );
}

function environmentsKnown(): string[] {
  const report = grid.value.phase === "ready" ? grid.value.value.rows : [];
  const names = [
    ...report.map((row) => row.environment),
    ...listing.value.items.map((item) => item.environment),
    ...filters.value.environment,
  ];
  return [...new Set(names)];
}

const bandsOffered: Partial<Record<Tab, readonly Band[]>> = {
  need: ["P1", "P2", "P3"],
  digest: ["P4", "P5"],
};

const typingMs = 250;

function Search() {
  const asked = filters.value.q;
  const [text, setText] = useState(asked);
  useEffect(() => setText(asked), [asked]);
  useEffect(() => {
    if (text === asked) return;
    const timer = setTimeout(() => changeFilters({ q: text }, "replace"), typingMs);
    return () => clearTimeout(timer);
  }, [text, asked]);
  return (
    <input
      id="search"
      type="search"
      aria-label="Search the queue"
      placeholder="Search  /"
      maxLength={256}
      value={text}
      onInput={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape") event.currentTarget.blur();
      }}
    />
  );
}

export function FilterBar() {
  const { environment, severity, band, entity } = filters.value;
  const tab = tabOf(filters.value);
  const isDigest = tab === "digest";
  return (
    <search class="filters" aria-label="Filter the queue">
      <Search />
      <Choice
        name="Environment"
        all="Environment"
        options={environmentsKnown()}
        chosen={environment}
        onChoose={(chosen) => changeFilters({ environment: chosen })}
      />
      <Choice<Severity>
        name="Severity"
        all="Severity"
        options={severities}
        chosen={severity}
        onChoose={(chosen) => changeFilters({ severity: chosen })}
      />
      <Choice<Band>
        name="Band"
        all="Band"
        options={bandsOffered[tab] ?? bands}
        chosen={isDigest && band.length === 2 ? [] : band}
        onChoose={(chosen) =>
          changeFilters({ band: chosen.length === 0 && isDigest ? ["P4", "P5"] : chosen })
        }
      />
      {entity && (
        <button type="button" class="chip" onClick={() => changeFilters({ entity: "" })}>
          <span class="cut">{visibleText(entity)}</span>
          <span aria-hidden="true">×</span>
          <span class="unseen">, remove this filter</span>
        </button>
      )}
      {narrowing(filters.value) > 0 && (
        <button type="button" class="link" onClick={clearFilters}>
          Clear filters
        </button>
      )}
    </search>
  );
}
