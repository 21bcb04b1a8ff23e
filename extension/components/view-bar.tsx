import { useEffect, useRef } from "preact/hooks";
import { type View, viewLabel, views } from "../lib/views.ts";

interface ViewBarProps {
  view: View;
  counts: readonly number[];
  isSearching: boolean;
  onView: (view: View) => void;
  onSearch: (text: string) => void;
  onSearching: (isSearching: boolean) => void;
}

function SearchField({ onSearch, onSearching }: Pick<ViewBarProps, "onSearch" | "onSearching">) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  function leaveByKey(event: KeyboardEvent) {
    if (event.key === "Enter") field.current?.blur();
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    onSearch("");
    onSearching(false);
  }

  return (
    <input
      ref={field}
      class="search"
      type="search"
      aria-label="Search the queue"
      placeholder="Host, user, service, rule"
      onInput={(event) => onSearch(event.currentTarget.value)}
      onKeyDown={leaveByKey}
    />
  );
}

export function ViewBar({ view, counts, isSearching, onView, onSearch, onSearching }: ViewBarProps) {
  return (
    <nav class="views" aria-label="Views">
      {views.map((one, index) => (
        <button
          key={one}
          type="button"
          class="chip"
          aria-pressed={one === view}
          data-view={one}
          onClick={() => onView(one)}
        >
          {viewLabel[one]} {counts[index] ?? 0}
        </button>
      ))}
      <span class="grow" />
      {isSearching ? (
        <SearchField onSearch={onSearch} onSearching={onSearching} />
      ) : (
        <button type="button" class="chip" onClick={() => onSearching(true)}>
          Search<span class="key">/</span>
        </button>
      )}
    </nav>
  );
}
