import type { Severity } from "../../shared/alert.ts";

const words: Record<Severity, readonly string[]> = {
  critical: ["critical", "crit", "fatal", "emergency", "emerg", "panic", "alert", "page", "security", "p1"],
  high: ["high", "error", "err", "major", "severe", "p2"],
  medium: ["medium", "moderate", "warning", "warn", "p3"],
  low: ["low", "minor", "notice", "indeterminate", "p4"],
  info: ["info", "informational", "information", "none", "normal", "ok", "cleared", "debug", "trace", "p5"],
};

const severityByWord = new Map<string, Severity>();
for (const severity of ["critical", "high", "medium", "low", "info"] as const) {
  for (const word of words[severity]) severityByWord.set(word, severity);
}

/** The words of Prometheus labels, PagerDuty, Opsgenie, Sigma, Elastic, syslog and cloud logs. */
export function severityOfWord(word: string): Severity | undefined {
  return severityByWord.get(word.trim().toLowerCase());
}

/** Wazuh and OSSEC rule levels: 15 and above critical, 12 high, 7 medium, 4 low, below info. */
export function severityOfWazuhLevel(level: number): Severity {
  if (level >= 15) return "critical";
  if (level >= 12) return "high";
  if (level >= 7) return "medium";
  return level >= 4 ? "low" : "info";
}

/** Suricata and Snort priorities, where 1 is the most severe; nothing there is critical by itself. */
export function severityOfPriority(priority: number): Severity {
  if (priority === 1) return "high";
  if (priority === 2) return "medium";
  return priority === 3 ? "low" : "info";
}

/** RFC 5424 numbers: 0 emergency to 7 debug. */
export function severityOfSyslog(number: number): Severity {
  if (number <= 2) return "critical";
  if (number === 3) return "high";
  if (number === 4) return "medium";
  return number === 5 ? "low" : "info";
}

/** A risk of 0 to 100 in the default bands of Elastic. */
export function severityOfRisk(risk: number): Severity {
  if (risk >= 74) return "critical";
  if (risk >= 48) return "high";
  return risk >= 22 ? "medium" : "low";
}
