import type { Reading } from "./adapter.ts";
import { aminerTitle } from "./aminer.ts";
import { fitAlert, invalid } from "./fit-alert.ts";
import { nameSeverity, nameTechniques } from "./name-prior.ts";
import { epochTime } from "./native-time.ts";

type AitSource = "aminer" | "suricata" | "wazuh";

/** The cells of one CSV line (RFC 4180); a quoted cell may hold commas and doubled quotes, not line ends. */
function cellsOf(line: string): string[] {
  const cells = line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return [...cells].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
}

function sourceOf(name: string): AitSource | undefined {
  const prefix = /^(AMiner|Suricata|Wazuh):/.exec(name)?.[1]?.toLowerCase();
  return prefix === "aminer" || prefix === "suricata" || prefix === "wazuh" ? prefix : undefined;
}

function titleOf(name: string): string {
  return aminerTitle(name.replace(/^(?:Wazuh:|Suricata: Alert -|Suricata:)\s*/, ""));
}

export function isAitCsvHeader(line: string): boolean {
  return /^\uFEFF?time,name,ip,host\b/.test(line);
}

/**
 * One line `time,name,ip,host,short` of the AIT alert data set, for replays only. The file has neither severity nor
 * techniques: both come from the name by name-prior.ts. Identity is left to triage: source, rule, host and ip.
 */
export function readAitCsvLine(line: string): Reading {
  const [time, name, ip, host, short] = cellsOf(line.replace(/\r$/, ""));
  const source = name === undefined ? undefined : sourceOf(name);
  if (!name || !source) return invalid("name: must begin with AMiner:, Suricata: or Wazuh:");
  const occurredAt = epochTime(time);
  if (!occurredAt) return invalid("time: must be seconds since 1970");
  return fitAlert({
    source,
    rule: name,
    title: titleOf(name),
    severity: nameSeverity(source, name),
    occurredAt,
    entities: [
      { type: "host", value: host, role: "target" },
      { type: "ip", value: ip, role: "target" },
    ],
    techniques: nameTechniques(name),
    labels: [["short", short]],
  });
}
