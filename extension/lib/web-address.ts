/** The address when it may be opened: http and https only; null for anything else an alert made up. */
export function webAddress(href: string): URL | null {
  const url = URL.canParse(href) ? new URL(href) : null;
  return url?.protocol === "https:" || url?.protocol === "http:" ? url : null;
}
