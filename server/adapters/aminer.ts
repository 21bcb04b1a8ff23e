import type { Severity } from "../../shared/alert.ts";
import type { Adapter, Reading } from "./adapter.ts";
import { fitAlert, invalid, type RoledEntity } from "./fit-alert.ts";
import { identityKey } from "./identity-key.ts";
import { isIp, saysNothing } from "./ip-address.ts";
import { epochTime } from "./native-time.ts";
import { fieldAt, isRecord, textAt, textsAt } from "./text-field.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

/**
 * AMiner states no severity. Something never seen before, or seen more or less often, is everyday: low. Medium are
 * rules that a person wrote and that were broken, and text that looks unlike all text before it, which is what
 * injected code, tunnels and scanners look like.
 */
const mediumTypes =
  /^(?:Allowlist|Whitelist|Blocklist|EventCorrelation|EventSequence|MatchFilter|MatchPathFilter|Charset|Entropy)/;

export function aminerSeverity(componentType: string | undefined): Severity {
  return componentType && mediumTypes.test(componentType) ? "medium" : "low";
}

export function aminerTitle(name: string): string {
  return name.replace(/^AMiner:\s*/i, "").replace(/\.$/, "") || name;
}

function firstOf(record: unknown, path: string): unknown {
  const value = fieldAt(record, path);
  return Array.isArray(value) ? value[0] : value;
}

function hostEntity(id: string | undefined): RoledEntity {
  return { type: id && isIp(id) ? "ip" : "host", value: id, role: "target" };
}

/** Values that are addresses; what the other values are only the parser's configuration knows. */
function valueEntities(record: unknown): RoledEntity[] {
  const values = fieldAt(record, "AnalysisComponent.AffectedLogAtomValues");
  if (!Array.isArray(values)) return [];
  const addresses = values
    .flat()
    .filter((value) => typeof value === "string" && isIp(value) && !saysNothing(value));
  return addresses.map((value) => ({ type: "ip", value, role: "actor" }));
}

/**
 * Identity: component, machine and, where the component reports new kinds of line, the first new path. The
 * paths of other components are fixed by the component or list the whole line; values never count.
 */
function identityOf(record: unknown, rule: string, type: string | undefined): string {
  const path =
    type === "NewMatchPathDetector" ? textsAt(record, "AnalysisComponent.AffectedLogAtomPaths")[0] : "";
  return identityKey(["aminer", rule, textAt(record, "AMiner.ID"), path]);
}

function readAminer(record: unknown): Reading {
  if (!isRecord(record)) return invalid("aminer: must be an object");
  const rule = textAt(record, "AnalysisComponent.AnalysisComponentName");
  if (rule === undefined) {
    return invalid("AnalysisComponent.AnalysisComponentName: is required in an AMiner alert");
  }
  const deep = findOddity(record, true);
  if (deep) return { reject: { code: deep.code, message: sayOddity(deep) } };
  const type = textAt(record, "AnalysisComponent.AnalysisComponentType");
  const paths = textsAt(record, "AnalysisComponent.AffectedLogAtomPaths");
  return fitAlert({
    source: "aminer",
    rule,
    title: aminerTitle(rule),
    severity: aminerSeverity(type),
    occurredAt:
      epochTime(firstOf(record, "LogData.Timestamps")) ??
      epochTime(firstOf(record, "LogData.DetectionTimestamp")),
    dedupKey: identityOf(record, rule, type),
    entities: [hostEntity(textAt(record, "AMiner.ID")), ...valueEntities(record)],
    labels: [
      ["component", type],
      ["log", textsAt(record, "LogData.LogResources").join(", ")],
      ["paths", paths.join(", ")],
      ["learning", fieldAt(record, "AnalysisComponent.TrainingMode") === true ? "true" : undefined],
    ],
    description: [textAt(record, "AnalysisComponent.Message"), ...textsAt(record, "LogData.RawLogData")]
      .filter(Boolean)
      .join("\n"),
  });
}

/** AMiner (logdata-anomaly-miner) JSON alerts. No hints: the tool has neither severity nor repeats. */
export const aminer: Adapter = {
  format: "aminer",
  recognises: (record) =>
    isRecord(record) &&
    isRecord(record.AnalysisComponent) &&
    (isRecord(record.LogData) || isRecord(record.AMiner)),
  read: (record) => [readAminer(record)],
};
