import type { Severity } from "../../shared/alert.ts";
import { fieldNames, valueIn } from "./generic-fields.ts";
import { severityOfRisk, severityOfSyslog, severityOfWord } from "./severity-scale.ts";
import { asText, type JsonRecord } from "./text-field.ts";

const theHive: Record<number, Severity> = { 1: "low", 2: "medium", 3: "high", 4: "critical" };

function isTheHive(record: JsonRecord): boolean {
  return "sourceRef" in record || ("tlp" in record && "pap" in record);
}

function severityOfNumber(number: number, record: JsonRecord): Severity | undefined {
  if (isTheHive(record)) return theHive[number];
  if (Number.isInteger(number) && number >= 0 && number <= 7) return severityOfSyslog(number);
  return number > 10 && number <= 100 ? severityOfRisk(number) : undefined;
}

interface FoundSeverity {
  severity: Severity;
  /** The sender's own, when there is one. */
  native: string | undefined;
}

/**
 * Words as everywhere. Whole numbers 0 to 7 are syslog's, 0 the worst, except in TheHive's alerts, where 4 of 4 is
 * the worst; above 10 to 100 is a risk score. What is said another way, or not at all, is medium.
 */
export function genericSeverity(record: JsonRecord): FoundSeverity {
  let native: string | undefined;
  for (const name of fieldNames.severity) {
    const text = asText(valueIn(record, name));
    if (text === undefined) continue;
    native ??= text;
    const severity = severityOfWord(text) ?? severityOfNumber(Number(text), record);
    if (severity) return { severity, native: text };
  }
  return { severity: "medium", native };
}
