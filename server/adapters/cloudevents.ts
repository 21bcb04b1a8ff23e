import { type Entity, limits } from "../../shared/alert.ts";
import type { Adapter, Reading } from "./adapter.ts";
import { type EventItem, eventItems, isCloudEvent } from "./cloudevents-data.ts";
import { invalid } from "./fit-alert.ts";
import { findText } from "./generic-fields.ts";
import { identityKey } from "./identity-key.ts";
import { isIp } from "./ip-address.ts";
import { isRecord, type JsonRecord, textAt } from "./text-field.ts";
import { findOddity, sayOddity, storableText } from "./well-formed.ts";

interface Event {
  source: string;
  type: string;
  subject: string | undefined;
  record: JsonRecord;
  /** Of the item in the event's data. */
  place: number;
}

/** The event's source is a URI reference; it is the carrier of what it holds, so it only observed. */
function carrierOf(source: string): Entity {
  const value = storableText(source.trim());
  return { type: isIp(value) ? "ip" : "url", value, role: "observer" };
}

function carriedBy({ source }: Event, reading: Reading): Reading {
  if (!reading.alert) return reading;
  const carrier = carrierOf(source);
  const entities = reading.alert.entities ?? [];
  const isFull = entities.length >= limits.entities || carrier.value.length > limits.entityValue;
  return isFull ? reading : { alert: { ...reading.alert, entities: [...entities, carrier] } };
}

/** Source and id together are one event: who delivers it again, as senders do, adds no occurrence. */
function once({ source, record, place }: Event, reading: Reading): Reading {
  const id = textAt(record, "id");
  if (!reading.alert || id === undefined) return reading;
  const heartbeatKey = storableText(identityKey(["cloudevents", source, id, String(place)]));
  return { alert: { ...reading.alert, hints: { ...reading.alert.hints, heartbeatKey } } };
}

/**
 * Data of no known format in the words of the generic adapter. `type` is the rule, `source` the source; what the
 * data itself does not say of title, severity and time the event says.
 */
function plainRecord({ source, type, subject, record }: Event, data: unknown): JsonRecord {
  const own = isRecord(data) ? data : { description: typeof data === "string" ? data : JSON.stringify(data) };
  const said = isRecord(data) ? data : {};
  const dedup = findText(said, "dedup") ?? (subject && identityKey([type, subject]));
  return {
    ...own,
    source,
    rule: type,
    title: findText(said, "title") ?? (subject ? `${type}: ${subject}` : type),
    severity: findText(said, "severity") ?? record.severitytext,
    timestamp: findText(said, "time") ?? record.time,
    dedupKey: dedup,
    labels: { ...(isRecord(said.labels) ? said.labels : {}), ...(subject && { subject }) },
  };
}

/**
 * CloudEvents 1.0, structured or in batches; the binary mode comes here as the structured one. `data` or
 * `data_base64` is any other format and read as that, with that source and identity and the event's source as an
 * observer; the items of a list and the records of a log one by one. Other data is read by `generic`: identity is its
 * own key, else source, type and subject, else computed by triage; the event's `id` is no identity, it is new each
 * time. Hints: those of what it carries, else those of `generic` and heartbeatKey (source and id).
 * @param adapterOf the adapter of data, by its content; null when it is of no known format
 */
export function cloudEventsOver(adapterOf: (data: unknown) => Adapter | null, generic: Adapter): Adapter {
  function readItem(event: Event, { value, isPlain }: EventItem, textIsClean: boolean): Reading[] {
    const deep = isPlain ? undefined : findOddity(value, true);
    if (deep) return [{ reject: { code: deep.code, message: sayOddity(deep) } }];
    const adapter = adapterOf(value);
    if (adapter === null) return generic.read(plainRecord(event, value)).map((one) => once(event, one));
    const read = (one: unknown) => adapter.read(one, textIsClean && isPlain);
    if (typeof value !== "string") return read(value);
    const stretches = adapter.textRecords?.(value) ?? [];
    return stretches.flatMap(([from, to]) => read(value.slice(from, to)));
  }

  function readEvent(record: unknown, textIsClean: boolean): Reading[] {
    if (!isRecord(record)) return [invalid("cloudevents: must be an object")];
    const deep = findOddity(record, true);
    if (deep) return [{ reject: { code: deep.code, message: sayOddity(deep) } }];
    const source = textAt(record, "source");
    const type = textAt(record, "type");
    if (source === undefined) return [invalid("source: is required in a CloudEvent")];
    if (type === undefined) return [invalid("type: is required in a CloudEvent")];
    const event = { source, type, subject: textAt(record, "subject"), record, place: 0 };
    const items = eventItems(record);
    const readings = items.flatMap((item, place) => readItem({ ...event, place }, item, textIsClean));
    return readings.map((reading) => carriedBy(event, reading));
  }

  return {
    format: "cloudevents",
    recognises: isCloudEvent,
    read: (record, textIsClean = false) => readEvent(record, textIsClean),
    // The plain text of an event in binary mode is its data; what it carries cuts it.
    textRecords: (text) => (text.trim() === "" ? [] : [[0, text.length]]),
  };
}
