import type { Headline } from "../lib/headline.ts";

interface HeadlineBarProps {
  headline: Headline;
  onHelp: () => void;
}

/** The answer to "does anything need me?", before anything else. */
export function HeadlineBar({ headline, onHelp }: HeadlineBarProps) {
  return (
    <header class="headline">
      <span class={`dot dot-${headline.tone}`} aria-hidden="true" />
      <h1>{headline.text}</h1>
      {headline.aside !== "" && <span class="aside">{headline.aside}</span>}
      <span class="grow" />
      <button type="button" class="plain" aria-label="Keys" title="Keys (?)" onClick={onHelp}>
        ?
      </button>
    </header>
  );
}
