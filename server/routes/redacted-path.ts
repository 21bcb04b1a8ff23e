/** A path as it may be logged or kept: the token in the address of a webhook is left out. */
export function redactedPath(path: string): string {
  return path.replace(/^(\/+hooks\/+)[^/]+/i, "$1…");
}
