import type { ComponentChildren } from "preact";

/** One sentence where something would stand, with a way on. */
export function Notice({ children, onRetry }: { children: ComponentChildren; onRetry?: () => void }) {
  return (
    <div class="notice">
      <p>{children}</p>
      {onRetry && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Skeleton({ lines, label }: { lines: number; label: string }) {
  return (
    <div class="skeleton" role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, line) => `line-${line}`).map((line) => (
        <span key={line} />
      ))}
    </div>
  );
}
