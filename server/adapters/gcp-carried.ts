import { type Alert, type Entity, limits } from "../../shared/alert.ts";
import type { Adapter, Reading } from "./adapter.ts";
import { cut } from "./fit-alert.ts";
import { isRecord, type JsonRecord } from "./text-field.ts";
import { storableText } from "./well-formed.ts";

/** What the entry knows beside what another tool wrote into it. */
export interface Carrier {
  machine: string | undefined;
  project: string | undefined;
  log: string;
  environment: string | undefined;
  service: string | undefined;
  occurredAt: string | undefined;
  /** Names the delivery. */
  heartbeatKey: string | undefined;
}

function entitiesOf({ entities = [] }: Alert, { machine, project }: Carrier): Entity[] {
  const own: Entity[] = [
    ...(machine ? [{ type: "host", value: storableText(machine.trim()), role: "observer" } as const] : []),
    ...(project ? [{ type: "account", value: storableText(project.trim()), role: "target" } as const] : []),
  ];
  const fitting = own.filter(({ value }) => value !== "" && value.length <= limits.entityValue);
  return [...entities, ...fitting].slice(0, limits.entities);
}

function labelsOf({ labels = {} }: Alert, { project, log }: Carrier): Record<string, string> {
  const own = Object.entries({ project_id: project ?? "", log }).filter(
    ([name, value]) => value !== "" && !Object.hasOwn(labels, name),
  );
  const fitted = own.map(([name, value]) => [name, cut(storableText(value), limits.labelValue)] as const);
  return Object.fromEntries([...Object.entries(labels), ...fitted].slice(0, limits.labels));
}

function short(text: string | undefined, longest: number): string | undefined {
  return text && cut(storableText(text), longest);
}

function carriedBy(carrier: Carrier, { alert, reject }: Reading): Reading {
  if (reject) return { reject };
  const environment = alert.environment ?? short(carrier.environment, limits.environment);
  const service = alert.service ?? short(carrier.service, limits.service);
  const occurredAt = alert.occurredAt ?? carrier.occurredAt;
  const heartbeatKey = alert.hints?.heartbeatKey ?? storableText(carrier.heartbeatKey ?? "");
  return {
    alert: {
      ...alert,
      ...(environment && { environment }),
      ...(service && { service }),
      ...(occurredAt && { occurredAt }),
      entities: entitiesOf(alert, carrier),
      labels: labelsOf(alert, carrier),
      hints: { ...alert.hints, ...(heartbeatKey && { heartbeatKey }) },
    },
  };
}

/**
 * What another tool wrote into the log as `jsonPayload`: that tool's alerts with that tool's identity, the machine
 * an observer. Undefined when the payload is of no tool that logs this way.
 */
export function carriedInLog(
  entry: JsonRecord,
  carrier: Carrier,
  adapterOf: (payload: unknown) => Adapter | null,
): Reading[] | undefined {
  const adapter = isRecord(entry.jsonPayload) ? adapterOf(entry.jsonPayload) : null;
  return adapter?.read(entry.jsonPayload).map((reading) => carriedBy(carrier, reading));
}
