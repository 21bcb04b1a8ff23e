import { visibleText } from "./visible-text.ts";

function webAddress(href: string): URL | null {
  const url = URL.canParse(href) ? new URL(href) : null;
  return url !== null && (url.protocol === "https:" || url.protocol === "http:") ? url : null;
}

/** A link out of an alert: only to the web, in its own tab, with the host it leads to always in sight. */
export function SafeLink({ href, text }: { href: string; text?: string | undefined }) {
  const url = webAddress(href);
  const name = visibleText(text ?? href);
  if (url === null) return <span class="hostile">{name}</span>;
  return (
    <span class="hostile">
      <a href={url.href} target="_blank" rel="noopener noreferrer">
        {name}
      </a>{" "}
      <span class="muted">({url.host})</span>
    </span>
  );
}
