import type { Alert, Entity, Severity } from "../../shared/alert.ts";
import type { Policy } from "../../shared/policy.ts";
import { severityRank } from "../../shared/policy.ts";
import { entityKey } from "./entity-key.ts";
import { extractEntities } from "./extract-entities.ts";
import { fingerprint } from "./fingerprint.ts";
import { createPlacer, type Placement } from "./placement.ts";

/** An alert as the log gives it. */
export interface Arrival {
  alert: Alert;
  /** Epoch ms. */
  receivedAt: number;
  /** Worst severity its sender may claim; null is any. */
  ceiling: Severity | null;
}

/** An alert that is placed, has its entities and knows its group. Times are epoch milliseconds. */
export interface Prepared {
  alert: Alert;
  receivedAt: number;
  occurredAt: number;
  severity: Severity;
  /** Where the sender's time or severity was not taken as it came, a sentence each. */
  remarks: string[];
  entities: Entity[];
  placement: Placement;
  fingerprint: string;
}

const mostAhead = 5 * 60_000;
const mostBehind = 7 * 86_400_000;
/** Characters of texts whose entities are remembered. */
const keptText = 16_000_000;

/** Made once for each version of the policy; remembers texts it has read. */
export function createPreparer(policy: Policy): (arrival: Arrival) => Prepared {
  const placer = createPlacer(policy);
  const extracted = new Map<string, Entity[]>();
  let kept = 0;

  function entitiesIn(text: string): Entity[] {
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
  }

  return ({ alert, receivedAt, ceiling }) => {
    const remarks: string[] = [];
    const entities = unite(alert.entities ?? [], entitiesIn(`${alert.title} ${alert.description ?? ""}`));
    // By what the sender named only: what stands in a text could move an alert to where it is hidden.
    const placement = placer.place(alert, alert.entities ?? []);
    return {
      alert,
      receivedAt,
      occurredAt: occurredAt(alert, receivedAt, remarks),
      severity: severityOf(alert, ceiling, remarks),
      remarks,
      entities,
      placement,
      fingerprint: fingerprint(alert, placement, policy.identityLabels),
    };
  };
}

/** Correlation goes by the sender's time, within the week before it arrived. */
function occurredAt({ occurredAt: text }: Alert, receivedAt: number, remarks: string[]): number {
  const said = text === undefined ? receivedAt : Date.parse(text);
  if (Number.isNaN(said)) return receivedAt;
  if (said > receivedAt + mostAhead) {
    remarks.push(`The detector's clock is ahead: it says ${new Date(said).toISOString()}`);
    return receivedAt;
  }
  return Math.max(said, receivedAt - mostBehind);
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
