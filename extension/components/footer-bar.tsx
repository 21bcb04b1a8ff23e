import type { Counts } from "../../shared/queue.ts";

interface FooterBarProps {
  counts: Counts | null;
  onDashboard: () => void;
  onOptions: () => void;
}

const plain = new Intl.NumberFormat("en");

export function FooterBar({ counts, onDashboard, onOptions }: FooterBarProps) {
  return (
    <footer class="footer">
      {counts !== null && (
        <>
          <span>Digest {plain.format(counts.P4)}</span>
          <span>Hidden {plain.format(counts.hidden)}</span>
        </>
      )}
      <span class="grow" />
      <button type="button" class="plain" onClick={onOptions}>
        Options
      </button>
      <button type="button" class="plain" onClick={onDashboard}>
        Dashboard ↗
      </button>
    </footer>
  );
}
