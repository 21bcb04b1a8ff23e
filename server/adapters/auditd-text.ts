import type { AuditEvent, AuditRecord } from "./auditd-event.ts";
import { lineSpans, spansByKey } from "./line-spans.ts";
import { epochTime } from "./native-time.ts";

/** auditd's own line, also behind syslog's or the kernel's beginning. Groups: before, node, type, time, serial. */
const start =
  /^(.{0,256}?)(?:node=(\S{1,255}) )?\btype=([\w[\]]{1,64}) +(?:msg=|(?=audit\())(?:audit\((\d{1,12}\.\d{1,9}):(\d{1,20})\))?/;
const pair = /(?<![\w[\]-])([A-Za-z_][\w-]*(?:\[\d+\])?)=("[^"]*"?|'[^']*'?|\([a-z ]+\)|[^\s'"]*)/g;
const avc = /^avc: {1,4}(denied|granted) {1,4}\{ ([^}]{1,200}) \}/;

/** Numbers that the kernel writes where no auditd gives them names (linux/audit.h). */
const numbered: ReadonlyMap<string, string> = new Map([
  ["1300", "SYSCALL"],
  ["1302", "PATH"],
  ["1305", "CONFIG_CHANGE"],
  ["1307", "CWD"],
  ["1309", "EXECVE"],
  ["1326", "SECCOMP"],
  ["1327", "PROCTITLE"],
  ["1400", "AVC"],
  ["1700", "ANOM_PROMISCUOUS"],
  ["1701", "ANOM_ABEND"],
]);

/** Fields whose values stand in hexadecimal when they hold a space, a quote or anything beyond ASCII. */
const encoded = /^(?:acct|cmd|comm|cwd|data|exe|grp|key|name|path|proctitle|a\d+(?:\[\d+\])?)$/;

function decode(name: string, raw: string, type: string): string {
  if (raw.startsWith('"') || raw.startsWith("'"))
    return raw.slice(1, raw.endsWith(raw.charAt(0)) ? -1 : undefined);
  // A system call's a0 to a3 are numbers.
  const isHex = raw.length % 2 === 0 && /^[0-9A-F]{2,}$/.test(raw) && encoded.test(name);
  if (!isHex || (/^a\d/.test(name) && type !== "EXECVE")) return raw.replace(/,$|(?<!\([a-z ]{1,32})\)$/, "");
  const text = Buffer.from(raw, "hex").toString("utf8");
  if (name === "key") return text.replaceAll("\x01", ",");
  return name === "proctitle" ? text.replaceAll("\0", " ").trim() : text;
}

function pairsIn(text: string, type: string): (readonly [name: string, value: string])[] {
  // It parts the kernel's fields from the names that auditd adds.
  return [...text.replaceAll("\x1d", " ").matchAll(pair)].map(([, name = "", raw = ""]) => [
    name,
    decode(name, raw, type),
  ]);
}

/** What stands in `text` as name=value; what a program says in msg='…' comes after what the kernel says. */
export function parseFields(text: string, type: string): Map<string, string> {
  const pairs = pairsIn(text, type);
  const said = pairs.filter(([name]) => name === "msg").flatMap(([, inner]) => pairsIn(inner, type));
  const fields = new Map<string, string>();
  for (const [name, value] of [...pairs, ...said])
    if (name !== "msg" && !fields.has(name)) fields.set(name, value);
  return fields;
}

/** Lines beside the records in the output of ausearch. */
const isSeparator = (line: string) => line === "----" || line.startsWith("time->");

/** Neighbouring lines with one audit id on one machine. */
export function auditTextRecords(text: string): [number, number][] {
  let alone = 0;
  return spansByKey(text, (line) => {
    if (isSeparator(line)) return undefined;
    const [, , node = "", type, time, serial] = start.exec(line) ?? [];
    if (type === undefined) return "";
    if (time !== undefined) return `${node} ${time}:${serial}`;
    alone += 1;
    return `alone ${alone}`;
  });
}

export function isAuditText(text: string): boolean {
  for (const [from, to] of lineSpans(text)) {
    const line = text.slice(from, Math.min(to, from + 1_024));
    if (!isSeparator(line)) return start.exec(line)?.[5] !== undefined;
  }
  return false;
}

/** The machine that syslog names before the line: `Nov 23 12:00:00 web-1 audispd: ` or with an ISO time. */
function syslogHost(before: string): string | undefined {
  return /^(?:<\d{1,3}>)?(?:1 )?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S{8,26}) (\S{1,255}) /.exec(
    before,
  )?.[1];
}

function parseLine(
  line: string,
): { record: AuditRecord; node?: string | undefined; time?: string | undefined } | undefined {
  const match = start.exec(line);
  const [whole, before = "", node, name, time] = match ?? [];
  if (whole === undefined || name === undefined) return undefined;
  const type = numbered.get(name) ?? name;
  const rest = line.slice(whole.length).replace(/^:? */, "");
  const fields = parseFields(rest, type);
  const [, action, permissions] = avc.exec(rest) ?? [];
  if (action && permissions) fields.set("avc", action).set("permissions", permissions);
  return { record: { type, fields }, node: node ?? syslogHost(before), time };
}

/** The event of a stretch of lines; undefined when none of them is of an audit log. */
export function parseAuditText(stretch: string): AuditEvent | undefined {
  const lines = [...lineSpans(stretch)].flatMap(([from, to]) => parseLine(stretch.slice(from, to)) ?? []);
  const [first] = lines;
  if (first === undefined) return undefined;
  const records = lines.map(({ record }) => record).filter(({ type }) => type !== "EOE");
  return {
    node: first.node,
    occurredAt: epochTime(first.time),
    records: records.length > 0 ? records : [first.record],
  };
}
