import { createHash } from "node:crypto";
import type { Alert, Entity } from "../../shared/alert.ts";
import { entityKey } from "./entity-key.ts";
import { labelOf } from "./label-of.ts";
import type { Placement } from "./placement.ts";

/**
 * Identity of the group an alert belongs to, 32 hex digits. A sender's own key counts within its source; else
 * source, rule, environment, service, and the target entities or, without any, the hosts. Never title,
 * description, time, raw or links; labels only where the policy names them.
 */
export function fingerprint(alert: Alert, placement: Placement, identityLabels: readonly string[]): string {
  const parts =
    alert.dedupKey === undefined
      ? [
          "computed",
          alert.source,
          alert.rule,
          placement.environment,
          placement.service ?? "",
          ...counted(about(alert)),
        ]
      : ["given", alert.source, alert.dedupKey];
  for (const label of identityLabels) {
    const value = labelOf(alert, label);
    if (value !== undefined) parts.push(label, value);
  }
  // A length before each part keeps ["ab", "c"] apart from ["a", "bc"].
  const text = parts.map((part) => `${part.length}:${part}`).join("");
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** A count before them keeps entities apart from the labels that follow. */
function counted(parts: string[]): string[] {
  return [String(parts.length), ...parts];
}

/** Only what the sender named: what is read out of texts changes with every alert. */
function about({ entities = [] }: Alert): string[] {
  const targets = entities.filter(({ role }) => role === "target");
  const named: readonly Entity[] =
    targets.length > 0
      ? targets
      : entities.filter(({ type, role }) => type === "host" && role !== "observer");
  return [...new Set(named.map(entityKey))].sort();
}
