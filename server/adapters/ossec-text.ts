import { spansByKey } from "./line-spans.ts";
import type { JsonRecord } from "./text-field.ts";

const header = /^\*\* Alert (\d{1,12})\.(\d{1,20}):/;
const place = /^\d{4} \w{3} [\d ]\d \d\d:\d\d:\d\d (.*)$/;
const rule = /^Rule: (\d{1,10}) \(level (\d{1,3})\) -> '(.*)'$/;
/** What may stand between the rule and the log, in this order, by the names that alerts.json has for it. */
const fields: readonly (readonly [start: string, name: string])[] = [
  ["Src IP: ", "srcip"],
  ["Src Location: ", "srcgeoip"],
  ["Src Port: ", "srcport"],
  ["Dst IP: ", "dstip"],
  ["Dst Location: ", "dstgeoip"],
  ["Dst Port: ", "dstport"],
  ["User: ", "dstuser"],
];

/** Blocks of alerts.log: each begins with its header and goes on to the next one's. */
export function ossecTextRecords(text: string): [number, number][] {
  let block = 0;
  return spansByKey(text, (line) => {
    if (header.test(line)) block += 1;
    return String(block);
  });
}

export function isOssecText(text: string): boolean {
  return /^\s*\*\* Alert \d{1,12}\.\d{1,20}:/.test(text);
}

/** `(agent) 192.0.2.9->/var/log/auth.log`, a host's name before that or instead of it. */
function placeFields(where: string): JsonRecord {
  const [, before, agent, ip] = /^(?:([^(>]{1,255})->)?\(([^)]{1,255})\) ([^ ]*?)->/.exec(where) ?? [];
  const [, host] = /^([^>]{1,255}?)->/.exec(where) ?? [];
  const rest = before ? where.slice(before.length + 2) : where;
  if (agent) return { agent_name: agent, agentip: ip, hostname: before, location: rest };
  return { agent_name: host, hostname: host, location: host ? where.slice(host.length + 2) : where };
}

/** A log that pretends to name another address comes too late for it. */
function splitFields(lines: readonly string[]): { named: JsonRecord; log: readonly string[] } {
  const named: JsonRecord = {};
  let at = 0;
  for (const [start, name] of fields) {
    const line = lines[at];
    if (!line?.startsWith(start)) continue;
    named[name] = line.slice(start.length);
    at += 1;
  }
  return { named, log: lines.slice(at) };
}

const checksum = /^New (md5|sha1)sum is : '([\da-fA-F]{32,40})'$/;
const changed =
  /^(?:Integrity checksum changed for: '(.*)'|New file '(.*)' added to the file system\.|File '(.*)' was (?:deleted|re-added).*)$/;

function fileFields(log: readonly string[]): JsonRecord | undefined {
  const file = log.map((line) => changed.exec(line)).find((match) => match !== null);
  const path = file?.slice(1).find((one) => one !== undefined);
  if (path === undefined) return undefined;
  const sums = log.flatMap((line) => {
    const [, kind, sum] = checksum.exec(line) ?? [];
    return kind && sum ? [[`${kind}_after`, sum] satisfies [string, string]] : [];
  });
  return { path, ...Object.fromEntries(sums) };
}

/**
 * A block of alerts.log (OS_Log of OSSEC's analysisd/alerts/log.c) with the field names of alerts.json; undefined
 * when it does not begin as a block. A block cut short has what stands there.
 */
export function parseOssecText(block: string): JsonRecord | undefined {
  const [first = "", where = "", ...rest] = block.split("\n").map((line) => line.replace(/\r$/, ""));
  const [, seconds, offset] = header.exec(first) ?? [];
  if (!seconds) return undefined;
  const at = rest.findIndex((line) => line.startsWith("Rule: "));
  const [, sidid, level, comment] = rule.exec(rest[at] ?? "") ?? [];
  const { named, log } = splitFields(at === -1 ? [] : rest.slice(at + 1));
  const groups = first.slice(first.indexOf(" - ") + 3).split(",");
  const [, location = ""] = place.exec(where) ?? [];
  const fullLog = log.join("\n").trimEnd();
  const names = groups.map((name) => name.trim()).filter(Boolean);
  return {
    id: `${seconds}.${offset}`,
    rule: { sidid, level: level && Number(level), comment, groups: first.includes(" - ") ? names : [] },
    ...placeFields(location),
    ...named,
    full_log: fullLog,
    // The block does not name its decoder; what is of a network sensor is told by its group.
    decoder: names.includes("ids") ? "snort" : undefined,
    SyscheckFile: names.includes("syscheck") ? fileFields(log) : undefined,
  };
}
