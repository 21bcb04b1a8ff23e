import { type Severity, severities } from "../../shared/alert.ts";
import type { Adapter, Reading } from "./adapter.ts";
import { environmentIn } from "./environment-label.ts";
import { fieldEntries } from "./field-entries.ts";
import { type AlertDraft, fitAlert, invalid, type RoledEntity } from "./fit-alert.ts";
import { identityKey } from "./identity-key.ts";
import { isIp } from "./ip-address.ts";
import { callerIn, endpointPath, userIn } from "./mozlog-fields.ts";
import { epochTime, isoTime } from "./native-time.ts";
import { severityOfSyslog } from "./severity-scale.ts";
import { isRecord, type JsonRecord, textAt } from "./text-field.ts";
import { findOddity, sayOddity } from "./well-formed.ts";
import { workloadName } from "./workload-name.ts";

interface Entry {
  type: string;
  logger: string | undefined;
  hostname: string | undefined;
  fields: ReadonlyMap<string, string>;
}

function entryOf(record: JsonRecord): Entry {
  return {
    type: textAt(record, "Type") ?? "untyped",
    logger: textAt(record, "Logger"),
    hostname: textAt(record, "Hostname"),
    fields: new Map(isRecord(record.Fields) ? fieldEntries(record.Fields) : []),
  };
}

function isRequest({ type }: Entry): boolean {
  return /(?:^|\.)request\.summary$/.test(type);
}

function answerOf({ fields }: Entry): string | undefined {
  return fields.get("code") ?? fields.get("status");
}

/** Of a request: info when it went well, low when the caller was refused, medium when the service failed. */
function severityOfRequest(entry: Entry): Severity {
  const errno = Number(entry.fields.get("errno") ?? 0);
  const codes = [Number(answerOf(entry) ?? 0), errno];
  if (codes.some((code) => code >= 500 && code < 600)) return "medium";
  return errno === 0 ? "info" : "low";
}

function worse(one: Severity, other: Severity): Severity {
  return severities.indexOf(one) < severities.indexOf(other) ? one : other;
}

/** `Severity` is syslog's. Services log failed requests with 6, so those count for what came of them too. */
function severityOfEntry(entry: Entry, native: string | undefined): Severity {
  const number = Number(native ?? Number.NaN);
  const said = Number.isInteger(number) && number >= 0 && number <= 7 ? severityOfSyslog(number) : undefined;
  if (isRequest(entry)) return worse(said ?? "info", severityOfRequest(entry));
  return said ?? "medium";
}

/**
 * Identity: logger, type, environment where it is told, machine (a pod's workload) and error number. Of a request
 * also method, endpoint and answer; of anything else that is more than info who called and which account.
 */
function identityOf(entry: Entry, severity: Severity): string {
  const { type, logger, hostname, fields } = entry;
  const subject = severity === "info" ? [] : [callerIn(fields), userIn(fields) ?? fields.get("email")];
  return identityKey([
    "mozlog",
    logger,
    type,
    environmentIn(Object.fromEntries(fields)),
    workloadName(hostname),
    fields.get("errno"),
    ...(isRequest(entry)
      ? [fields.get("method")?.toUpperCase(), endpointPath(fields.get("path")), answerOf(entry)]
      : [fields.get("op"), ...subject]),
  ]);
}

function messageOf({ fields }: Entry): string | undefined {
  const names = ["msg", "message", "error", "err.message", "err"];
  return names.map((name) => fields.get(name)).find((text) => text !== undefined);
}

function titleOf(entry: Entry): string {
  const { fields, type } = entry;
  const message = messageOf(entry);
  const path = fields.get("path");
  if (!isRequest(entry) || path === undefined) return message ?? type;
  const errno = fields.get("errno");
  const answers = [answerOf(entry), errno && errno !== "0" ? `errno ${errno}` : undefined].filter(Boolean);
  const request = [fields.get("method")?.toUpperCase(), path].filter(Boolean).join(" ");
  if (message !== undefined) return `${request}: ${message}`;
  return answers.length > 0 ? `${request} answered ${answers.join(", ")}` : request;
}

function entitiesOf({ hostname, fields }: Entry): RoledEntity[] {
  return [
    { type: hostname && isIp(hostname) ? "ip" : "host", value: hostname, role: "target" },
    { type: "ip", value: callerIn(fields), role: "actor" },
    { type: "user", value: userIn(fields), role: "target" },
    { type: "email", value: fields.get("email"), role: "target" },
  ];
}

function draftOf(record: JsonRecord): AlertDraft {
  const entry = entryOf(record);
  const { fields, logger, type } = entry;
  const native = textAt(record, "Severity");
  const severity = severityOfEntry(entry, native);
  const title = titleOf(entry);
  const message = messageOf(entry);
  const traces = ["traceback", "stack", "err.stack"].map((name) => fields.get(name));
  return {
    source: "mozlog",
    rule: type,
    title,
    severity,
    environment: environmentIn(Object.fromEntries(fields)) ?? environmentIn(record),
    service: logger,
    occurredAt: epochTime(record.Timestamp) ?? isoTime(record.Time),
    dedupKey: identityOf(entry, severity),
    entities: entitiesOf(entry),
    labels: [["logger", logger], ["pid", textAt(record, "Pid")], ...fields],
    description: [message === title ? undefined : message, ...traces].filter(Boolean).join("\n"),
    hints: { nativeSeverity: native },
  };
}

function readMozlog(record: unknown): Reading {
  if (!isRecord(record)) return invalid("mozlog: must be an object");
  const deep = findOddity(record, true);
  if (deep) return { reject: { code: deep.code, message: sayOddity(deep) } };
  if (textAt(record, "Timestamp") === undefined) return invalid("Timestamp: is required in a mozlog entry");
  return fitAlert(draftOf(record));
}

function isMozlog(record: unknown): boolean {
  if (!isRecord(record) || !/^\d+$/.test(textAt(record, "Timestamp") ?? "")) return false;
  const isNamed = [record.Type, record.Logger].some((name) => typeof name === "string");
  return isNamed && (typeof record.EnvVersion === "string" || isRecord(record.Fields));
}

/**
 * Log entries in Mozilla's mozlog envelope (Dockerflow), one object each; the rule is the entry's `Type`, the service
 * its `Logger`. `Timestamp` counts nanoseconds, more than a JSON number holds; the milliseconds that are kept are
 * exact to one. Entries that report nothing (syslog 6 and 7, requests that went well) are info. Identity: see
 * `identityOf`. Hints: nativeSeverity.
 */
export const mozlog: Adapter = {
  format: "mozlog",
  recognises: isMozlog,
  read: (record) => [readMozlog(record)],
};
