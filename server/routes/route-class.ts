/** Where alerts come in; their requests are told of in sums. */
const intakePaths: ReadonlyMap<string, string> = new Map([
  ["/api/v1/alerts", "intake"],
  ["/api/v1/ingest", "intake"],
  ["/compat/alertmanager/api/v1/alerts", "stand_in"],
  ["/compat/alertmanager/api/v2/alerts", "stand_in"],
  ["/compat/pagerduty/v2/enqueue", "stand_in"],
  ["/compat/alerta/api/alert", "stand_in"],
  ["/compat/opsgenie/v2/alerts", "stand_in"],
]);

const firstParts: ReadonlyMap<string, string> = new Map([
  ["ingest", "intake"],
  ...["queue", "items", "actions", "alerts", "heartbeats", "changes", "entities", "silences"].map(same),
  ...["stream", "reports", "export", "tokens", "policy", "me", "sources", "rejects", "auth"].map(same),
  // Two names of the same.
  ["groups", "items"],
]);

function same(name: string): [string, string] {
  return [name, name];
}

/** What a path is for, as one of few names however many paths there are. */
export function routeClass(path: string): string {
  const known = intakePaths.get(path);
  if (known !== undefined) return known;
  if (path.startsWith("/api/v1/")) return firstParts.get(path.split("/", 4)[3] ?? "") ?? "other";
  if (path.startsWith("/hooks/")) return "intake";
  if (path.startsWith("/compat/")) return "stand_in";
  if (path.startsWith("/auth/")) return "auth";
  if (path === "/metrics" || path === "/healthz" || path === "/readyz") return "health";
  return "page";
}

/** Whether a request brings alerts, so that there may be thousands a second of its kind. */
export function bringsAlerts(method: string, path: string): boolean {
  if (method !== "POST" || path === "/api/v1/ingest/try") return false;
  return intakePaths.has(path) || path.startsWith("/api/v1/ingest/") || path.startsWith("/hooks/");
}
