import { fieldAt, isRecord, type JsonRecord, textAt } from "../adapters/text-field.ts";

const actions = ["trigger", "acknowledge", "resolve"];
const severities = ["critical", "warning", "error", "info"];
const longestKey = 255;

/** What is wrong with an event, in PagerDuty's own sentences. */
export function eventErrors(event: JsonRecord): string[] {
  const action = textAt(event, "event_action");
  if (action === undefined) return [missing("event_action")];
  if (!actions.includes(action)) return [oneOf("event_action", actions)];
  const key = textAt(event, "dedup_key");
  if (key !== undefined && key.length > longestKey) {
    return [`'dedup_key' is too long (should be at most ${longestKey} characters)`];
  }
  if (action === "trigger") return payloadErrors(event);
  return key === undefined ? [missing("dedup_key")] : [];
}

function payloadErrors(event: JsonRecord): string[] {
  if (!isRecord(event.payload)) return [missing("payload")];
  const severity = textAt(event, "payload.severity");
  const required = ["payload.summary", "payload.source", "payload.severity"].filter(
    (path) => textAt(event, path) === undefined,
  );
  const isUnknown = severity !== undefined && !severities.includes(severity);
  return [...required.map(missing), ...(isUnknown ? [oneOf("payload.severity", severities)] : [])];
}

export function changeErrors(event: JsonRecord): string[] {
  if (!isRecord(fieldAt(event, "payload"))) return [missing("payload")];
  return textAt(event, "payload.summary") === undefined ? [missing("payload.summary")] : [];
}

const missing = (name: string) => `'${name}' is missing or blank`;

function oneOf(name: string, values: readonly string[]): string {
  const quoted = values.map((value) => `'${value}'`);
  return `'${name}' is invalid (must be one of the following: ${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)})`;
}
