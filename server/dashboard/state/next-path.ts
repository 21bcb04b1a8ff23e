/** Where to go after signing in: a path of this server, never another site. */
export function nextPath(search: string): string {
  const next = new URLSearchParams(search).get("next") ?? "/";
  // A browser reads `//host` and `/\host` as another site and drops tabs and line ends first.
  return /^\/(?![/\\])[^\t\r\n\\]*$/.test(next) ? next : "/";
}
