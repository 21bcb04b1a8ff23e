import type { Alert, Entity, Severity } from "../../shared/alert.ts";
import { type Policy, severityRank } from "../../shared/policy.ts";
import { entityKey } from "./entity-key.ts";
import { extractEntities } from "./extract-entities.ts";
import { fingerprint } from "./fingerprint.ts";
import { createPlacer, type Placement } from "./placement.ts";

/** What an alert says, whenever it says it: placed, with its entities, and with the group it belongs to. */
export interface Content {
  alert: Alert;
  severity: Severity;
  /** Where the sender's severity was not taken as it came, a sentence each. */
  remarks: readonly string[];
  entities: Entity[];
  placement: Placement;
  fingerprint: string;
}

/** Characters of texts whose entities are remembered. */
const keptText = 16_000_000;

/**
 * Reads alerts under one policy; an alert object that it has read gives the same content again, so that what
 * repeats costs next to nothing. `ceiling` is the worst severity its sender may claim; null is any.
 */
export function createContentReader(policy: Policy): (alert: Alert, ceiling: Severity | null) => Content {
  const placer = createPlacer(policy);
  const entitiesIn = rememberedEntities();
  const known = new WeakMap<Alert, { ceiling: Severity | null; content: Content }>();

  function read(alert: Alert, ceiling: Severity | null): Content {
    const remarks: string[] = [];
    const severity = severityOf(alert, ceiling, remarks);
    const entities = unite(alert.entities ?? [], entitiesIn(`${alert.title} ${alert.description ?? ""}`));
    // By what the sender named only: what stands in a text could move an alert to where it is hidden.
    const placement = placer.place(alert, alert.entities ?? []);
    const identity = fingerprint(alert, placement, policy.identityLabels);
    return { alert, severity, remarks, entities, placement, fingerprint: identity };
  }

  return (alert, ceiling) => {
    const earlier = known.get(alert);
    if (earlier?.ceiling === ceiling) return earlier.content;
    const content = read(alert, ceiling);
    known.set(alert, { ceiling, content });
    return content;
  };
}

function rememberedEntities(): (text: string) => Entity[] {
  const extracted = new Map<string, Entity[]>();
  let kept = 0;
  return (text) => {
    const known = extracted.get(text);
    if (known !== undefined) return known;
    kept += text.length;
    if (kept > keptText) {
      extracted.clear();
      kept = text.length;
    }
    const entities = extractEntities(text);
    extracted.set(text, entities);
    return entities;
  };
}

function severityOf({ severity }: Alert, ceiling: Severity | null, remarks: string[]): Severity {
  if (ceiling === null || severityRank(severity) >= severityRank(ceiling)) return severity;
  remarks.push(`The detector says ${severity}; its token may say ${ceiling} at most`);
  return ceiling;
}

function unite(named: readonly Entity[], read: readonly Entity[]): Entity[] {
  const all = new Map(named.map((entity) => [entityKey(entity), entity]));
  for (const entity of read) if (!all.has(entityKey(entity))) all.set(entityKey(entity), entity);
  return [...all.values()];
}
