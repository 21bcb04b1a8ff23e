import type { Severity } from "../../shared/alert.ts";
import { aminerSeverity } from "./aminer.ts";

type Prior = readonly [pattern: RegExp, severity: Severity];

/** The categories of the Emerging Threats and GPL rulesets as their publishers describe them. */
const suricataPriors: readonly Prior[] = [
  [/\b(?:ET|GPL|ETPRO) (?:TROJAN|MALWARE|EXPLOIT|EXPLOIT_KIT|WEB_SERVER|WEB_SPECIFIC_APPS)\b/, "high"],
  [/\b(?:ET|GPL|ETPRO) (?:ATTACK_RESPONSE|CNC|SHELLCODE|SQL|WORM|PHISHING|COINMINER)\b/, "high"],
  [
    /\b(?:ET|GPL|ETPRO) (?:SCAN|WEB_CLIENT|CURRENT_EVENTS|USER_AGENTS|COMPROMISED|DOS|TOR|CINS|DROP)\b/,
    "medium",
  ],
];

/** Wazuh's standard rules by what their descriptions say, near the levels the public ruleset gives them. */
const wazuhPriors: readonly Prior[] = [
  [/\b(?:rootkit|trojan|malware|virus found|exploit|shellshock|compromised)\b/i, "high"],
  [/\bignoring now\b|\bmultiple\b|\bbrute.?force\b|\bweb attack\b|\bsql injection\b|\bxss\b/i, "medium"],
  [/\bfirst time this ids\b|\bprivilege escalation\b|\blog file (?:cleared|size reduced)\b/i, "medium"],
  [/\b(?:fail|denied|invalid|forbidden|attempt|error|suspicious|insecure|scan|unknown)/i, "low"],
  [/\bids event\b|\bfirst time user\b|\badded\b|\bchecksum changed\b|\bdeleted\b/i, "low"],
];

const aminerTypes: readonly [RegExp, string][] = [
  [/\bentropy\b/i, "EntropyDetector"],
  [/\bnew characters\b/i, "CharsetDetector"],
];

function firstOf(priors: readonly Prior[], name: string, otherwise: Severity): Severity {
  return priors.find(([pattern]) => pattern.test(name))?.[1] ?? otherwise;
}

/** A severity for a name that comes without one: what the words mean in general, nothing learned from any data. */
export function nameSeverity(source: "aminer" | "suricata" | "wazuh", name: string): Severity {
  if (source === "suricata") return firstOf(suricataPriors, name, "low");
  if (source === "wazuh") return firstOf(wazuhPriors, name, "info");
  return aminerSeverity(aminerTypes.find(([pattern]) => pattern.test(name))?.[1]);
}

const techniqueWords: readonly [RegExp, string][] = [
  [/\b(?:brute.?force|multiple failed logins|multiple auth)/i, "T1110"],
  [/\b(?:authentication failure|login failed|invalid user login|failed login)/i, "T1110.001"],
  [/\b(?:ET|GPL) SCAN\b|\binsecure connection attempt \(scan\)/i, "T1595"],
  [/\bmultiple web server 400 error codes\b/i, "T1595.002"],
  [/\b(?:common web attack|sql injection|ET WEB_SERVER)\b/i, "T1190"],
  [/\bsudo\b/i, "T1548.003"],
  [/\bentropy in DNS\b/i, "T1071.004"],
];

/** Techniques that a name states beyond doubt; most names state none. */
export function nameTechniques(name: string): string[] {
  return techniqueWords.filter(([pattern]) => pattern.test(name)).map(([, technique]) => technique);
}
