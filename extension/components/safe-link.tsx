import { showControls } from "../lib/show-controls.ts";
import { webAddress } from "../lib/web-address.ts";

interface SafeLinkProps {
  href: string;
  text?: string | undefined;
}

/** A link out of an alert: the real host stands beside it, and anything but http and https stays text. */
export function SafeLink({ href, text }: SafeLinkProps) {
  const url = webAddress(href);
  if (url === null) return <span class="no-link">{showControls(text ?? href)}</span>;
  return (
    <a href={url.href} target="_blank" rel="noopener noreferrer">
      {showControls(text ?? url.pathname)} <span class="host">{url.host}</span>
    </a>
  );
}
