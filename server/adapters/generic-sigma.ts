import { type Severity, severities } from "../../shared/alert.ts";
import { severityOfWord } from "./severity-scale.ts";
import { isRecord, type JsonRecord, textAt, textsAt } from "./text-field.ts";

/** What an alert says of the Sigma rule that raised it. */
export interface SigmaRule {
  id: string | undefined;
  title: string | undefined;
  /** Of its log source. */
  product: string | undefined;
  severity: Severity | undefined;
  /** The rule's own level, and its status where that lowers it. */
  native: string | undefined;
  tags: string[];
  description: string | undefined;
  falsePositives: string[];
  references: string[];
}

/** Rules that nobody has tried yet, or that are on their way out, are wrong more often than they say. */
const doubtful = ["experimental", "deprecated", "unsupported"];

/** One step milder; info stays. */
function lowered(severity: Severity): Severity {
  return severities[severities.indexOf(severity) + 1] ?? severity;
}

/** Only rules have a `logsource`, a `detection` or the list `falsepositives`; Zircolite's findings a `rule_level`. */
function isRule(holder: JsonRecord): boolean {
  const { logsource, detection, falsepositives, rule_level: level } = holder;
  return isRecord(logsource) || isRecord(detection) || Array.isArray(falsepositives) || level !== undefined;
}

/**
 * The rule stands in the record itself, beside what was found, or whole under `rule` or `sigma`. undefined when the
 * record names no rule in Sigma's words.
 */
export function sigmaRuleIn(record: JsonRecord): SigmaRule | undefined {
  const rule = [record, record.rule, record.sigma].filter(isRecord).find(isRule);
  if (rule === undefined) return undefined;
  const level = textAt(rule, "level") ?? textAt(rule, "rule_level");
  const status = textAt(rule, "status")?.trim().toLowerCase();
  const isDoubtful = status !== undefined && doubtful.includes(status);
  const said = level === undefined ? undefined : severityOfWord(level);
  return {
    id: textAt(rule, "id"),
    title: textAt(rule, "title"),
    product: textAt(rule, "logsource.product"),
    severity: said && isDoubtful ? lowered(said) : said,
    native: level && isDoubtful ? `${level} (${status})` : level,
    tags: textsAt(rule, "tags"),
    description: textAt(rule, "description"),
    falsePositives: textsAt(rule, "falsepositives"),
    references: textsAt(rule, "references"),
  };
}

/** The rule's words with what is known to raise it wrongly, which a person wants to know first. */
export function sigmaDescription({ description, falsePositives }: SigmaRule): string | undefined {
  const doubts = falsePositives.map((one) => `False positive: ${one}`);
  return [description, ...doubts].filter(Boolean).join("\n") || undefined;
}
