import * as v from "valibot";
import { type AlertInput, entityRoles, entityTypes, limits, severities, Time } from "../../shared/alert.ts";
import { isRecord, type JsonRecord } from "./text-field.ts";

const knownSeverities = new Set<unknown>(severities);
const knownTypes = new Set<unknown>(entityTypes);
const knownRoles = new Set<unknown>(entityRoles);

const lengths = new Map<string, number>([
  ["source", limits.source],
  ["rule", limits.rule],
  ["title", limits.title],
  ["environment", limits.environment],
  ["service", limits.service],
  ["dedupKey", limits.dedupKey],
]);

/**
 * The record itself when the schema takes it just as it is, which a look at its fields tells for the plain ones: a
 * flood is made of them, and the schema takes ten times as long. Null says nothing: then the schema decides.
 */
export function plainAlert(record: JsonRecord): AlertInput | null {
  const required =
    typeof record.source === "string" &&
    typeof record.rule === "string" &&
    typeof record.title === "string" &&
    knownSeverities.has(record.severity);
  if (!required) return null;
  for (const name in record) if (!isPlain(name, record[name])) return null;
  return asAlert(record);
}

/** The one cast: every field was looked at. */
function asAlert(record: JsonRecord): AlertInput {
  return record as unknown as AlertInput;
}

function isPlain(name: string, value: unknown): boolean {
  const longest = lengths.get(name);
  if (longest !== undefined) return isText(value, longest);
  switch (name) {
    case "severity":
      return true;
    case "description":
      return typeof value === "string" && value.length <= limits.description;
    case "entities":
      return isListOf(value, limits.entities, isEntity);
    case "labels":
      return areLabels(value);
    case "occurredAt":
      return v.is(Time, value);
    case "status":
      return value === "firing" || value === "resolved";
    default:
      return false;
  }
}

function isText(value: unknown, longest: number): boolean {
  return typeof value === "string" && value !== "" && value.length <= longest;
}

function isListOf(value: unknown, most: number, isOne: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= most && value.every(isOne);
}

function isEntity(value: unknown): boolean {
  if (!isRecord(value) || !knownTypes.has(value.type) || !isText(value.value, limits.entityValue))
    return false;
  if (value.role !== undefined && !knownRoles.has(value.role)) return false;
  for (const name in value) if (name !== "type" && name !== "value" && name !== "role") return false;
  return true;
}

function areLabels(value: unknown): boolean {
  if (!isRecord(value)) return false;
  let count = 0;
  for (const name in value) {
    const text = value[name];
    count += 1;
    if (count > limits.labels) return false;
    if (typeof text !== "string" || text.length > limits.labelValue || name === "") return false;
    if (name.length > limits.labelName || name === "__proto__" || name === "constructor") return false;
    if (name === "prototype") return false;
  }
  return true;
}
