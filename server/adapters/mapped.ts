import { limits } from "../../shared/alert.ts";
import type { Mapping } from "../../shared/mapping.ts";
import type { Reading } from "./adapter.ts";
import { type AlertDraft, fitAlert, invalid } from "./fit-alert.ts";
import { identityKey } from "./identity-key.ts";
import { type CompiledMapping, compileMapping, reasonOf } from "./mapping-compiled.ts";
import { fieldsOfEvent, type MappedFields } from "./mapping-fields.ts";
import { epochTime, isoTime } from "./native-time.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

type Identity = Pick<AlertDraft, "dedupKey" | "status"> & { instanceKey: string | undefined };

/** Nothing but absent parts is no identity: everything would be one group. */
function identityOf({ name, identity, status }: Mapping, fields: MappedFields): Identity {
  const parts = identity.map((rule, index) => fields.text(`identity.${index}`, rule));
  const isNamed = parts.some((part) => part !== undefined);
  const dedupKey = isNamed ? identityKey([name, ...parts]) : undefined;
  if (status === undefined) return { dedupKey, status: undefined, instanceKey: undefined };
  const said = fields.text("status", status.from)?.trim().toLowerCase();
  const isResolved = status.resolved.some((word) => word.trim().toLowerCase() === said);
  return { dedupKey, status: isResolved ? "resolved" : "firing", instanceKey: dedupKey };
}

function timeOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : (isoTime(text) ?? epochTime(text.trim()));
}

function draftOf(mapping: Mapping, fields: MappedFields): AlertDraft | string {
  const rule = fields.text("rule", mapping.rule);
  if (rule === undefined) return "rule: the expression gives no text";
  const title = fields.text("title", mapping.title);
  if (title === undefined) return "title: the expression gives no text";
  const { severity, native } = fields.severity(mapping.severity);
  const { dedupKey, status, instanceKey } = identityOf(mapping, fields);
  return {
    source: fields.text("source", mapping.source) ?? mapping.name,
    rule,
    title,
    severity,
    environment: fields.text("environment", mapping.environment)?.trim(),
    service: fields.text("service", mapping.service)?.trim(),
    occurredAt: timeOf(fields.text("occurredAt", mapping.occurredAt)),
    status,
    dedupKey,
    entities: mapping.entities.flatMap(({ type, role, value }, index) =>
      fields.texts(`entities.${index}`, value).map((text) => ({ type, role, value: text })),
    ),
    techniques: fields.texts("techniques", mapping.techniques),
    labels: Object.entries(mapping.labels).map(([name, from]) => [name, fields.text(`labels.${name}`, from)]),
    description: fields.text("description", mapping.description),
    links: mapping.links.map(({ href, text }, index) => ({
      href: fields.text(`links.${index}`, href),
      text,
    })),
    hints: {
      nativeSeverity: native,
      instanceKey,
      runbookUrl: fields.text("runbookUrl", mapping.runbookUrl),
    },
  };
}

function readEvent(compiled: CompiledMapping, event: unknown, record: unknown): Reading {
  const fields = fieldsOfEvent(compiled, event, record);
  try {
    const draft = draftOf(compiled.mapping, fields);
    return typeof draft === "string" ? invalid(draft) : fitAlert(draft);
  } catch (error) {
    return invalid(`${fields.field}: ${reasonOf(error)}`);
  }
}

/** The events in one record, or why there are none. */
function eventsOf({ mapping, parsed, evaluator }: CompiledMapping, record: unknown): unknown[] | string {
  const expression = mapping.records === undefined ? undefined : parsed.get(mapping.records);
  if (expression === undefined) return [record];
  try {
    const found = evaluator.evaluate(expression, record, record);
    if (found === null) return "records: the expression gives nothing";
    const events = Array.isArray(found) ? found : [found];
    return events.length > limits.alertsPerRequest ? "records: too many events in one record" : events;
  } catch (error) {
    return `records: ${reasonOf(error)}`;
  }
}

function compiledOf(mapping: Mapping): CompiledMapping | string {
  try {
    return compileMapping(mapping);
  } catch (error) {
    return `the mapping ${mapping.name} cannot be used: ${reasonOf(error)}`;
  }
}

/**
 * Reads a record by a mapping of the policy. Identity: the mapping's, with its name, else computed by triage. An
 * expression that fails rejects its event with the field's name. Hints: nativeSeverity, instanceKey (the identity,
 * where the mapping reads a status), runbookUrl.
 */
export function readMapped(mapping: Mapping, record: unknown): Reading[] {
  const compiled = compiledOf(mapping);
  if (typeof compiled === "string") return [invalid(compiled)];
  const deep = findOddity(record, true);
  if (deep) return [{ reject: { code: deep.code, message: sayOddity(deep) } }];
  compiled.evaluator.start(record);
  const events = eventsOf(compiled, record);
  if (typeof events === "string") return [invalid(events)];
  return events.map((event) => readEvent(compiled, event, record));
}

/** Whether the mapping says that a record is of its source. */
export function matchesMapping(mapping: Mapping, record: unknown): boolean {
  if (mapping.match === undefined) return false;
  const compiled = compiledOf(mapping);
  if (typeof compiled === "string" || findOddity(record, true)) return false;
  const expression = compiled.parsed.get(mapping.match);
  if (expression === undefined) return false;
  try {
    compiled.evaluator.start(record);
    return isTrue(compiled.evaluator.evaluate(expression, record, record));
  } catch {
    return false;
  }
}

/** As JMESPath has it: false, null and whatever is empty are not true. */
function isTrue(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return value !== null && value !== false && value !== "" && value !== undefined;
}
