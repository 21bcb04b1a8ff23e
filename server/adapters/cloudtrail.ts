import type { Adapter, Reading } from "./adapter.ts";
import { fewRecords } from "./as-list.ts";
import { byLowerName, recordsIn } from "./aws-account.ts";
import { awsConsole } from "./aws-console.ts";
import { type AwsEvent, awsEventOf, lookInside, openAws } from "./aws-envelope.ts";
import { accountsOf, callerEntities, callerIdentity, callerName } from "./cloudtrail-caller.ts";
import { isRead, type Outcome, outcomeOf, weigh } from "./cloudtrail-severity.ts";
import { subjectEntities, subjectOf } from "./cloudtrail-subject.ts";
import { environmentIn, serviceIn } from "./environment-label.ts";
import { type AlertDraft, fitAlert, invalid } from "./fit-alert.ts";
import { identityKey } from "./identity-key.ts";
import { isoTime } from "./native-time.ts";
import { fieldAt, isRecord, type JsonRecord, textAt, textEntries } from "./text-field.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

const sourceShape = /^[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?$/;

/** `iam` of `iam.amazonaws.com` */
function serviceOf(source: string): string {
  return source.replace(/\.amazonaws\.com(?:\.cn)?$/, "");
}

/** All that one caller is denied is one detector, because who tries everything tries it by many names. */
function ruleOf(event: string, outcome: Outcome): string {
  if (event !== "ConsoleLogin" && outcome === "denied") return "AccessDenied";
  return outcome === "done" ? event : `${event}:failure`;
}

/**
 * Identity: rule, account, region, service, caller and what the call is about. What a caller is denied folds on
 * caller and account alone, reads on caller, service and call: a burst of either is one thing.
 */
function identityOf(record: JsonRecord, rule: string, service: string, account: string | undefined): string {
  const caller = callerIdentity(record);
  if (rule === "AccessDenied") return identityKey(["cloudtrail", rule, account, ...caller]);
  const place = [account, textAt(record, "awsRegion"), service];
  const subject = isRead(record) ? undefined : subjectOf(record);
  return identityKey(["cloudtrail", rule, ...place, subject, ...caller]);
}

function titleOf(record: JsonRecord, event: string, outcome: Outcome): string {
  const words = { done: event, failed: `${event} failed`, denied: `${event} denied` }[outcome];
  const caller = callerName(record);
  const subject = isRead(record) ? undefined : subjectOf(record);
  const about = subject && subject !== caller ? ` on ${subject}` : "";
  return `${words}${about}${caller ? ` by ${caller}` : ""}`;
}

function labelsOf(record: JsonRecord, account: string | undefined): AlertDraft["labels"] {
  return [
    ["account", account],
    ["region", textAt(record, "awsRegion")],
    ["event_source", textAt(record, "eventSource")],
    ["event_name", textAt(record, "eventName")],
    ["error_code", textAt(record, "errorCode")],
    ["user_type", textAt(record, "userIdentity.type")],
    ["mfa", textAt(record, "additionalEventData.MFAUsed")],
    ["access_key_id", textAt(record, "userIdentity.accessKeyId")],
    ["user_agent", textAt(record, "userAgent")],
    ["source", textAt(record, "sourceIPAddress")],
    ["event_id", textAt(record, "eventID")],
  ];
}

/** Only a trail that is set to enrich its events carries the tags of what was changed. */
function tagsOf(record: JsonRecord): Record<string, string> {
  const tagged = recordsIn(fieldAt(record, "eventContext.tagContext.resourceTags"));
  return byLowerName(tagged.flatMap(({ tags }) => textEntries(tags)));
}

function consoleLink(record: JsonRecord): string | undefined {
  const id = textAt(record, "eventID");
  return id && awsConsole(textAt(record, "awsRegion"), "cloudtrailv2", "events?EventId=", id);
}

function draftOf(record: JsonRecord, source: string, event: string, envelope?: JsonRecord): AlertDraft {
  const service = serviceOf(source);
  const outcome = outcomeOf(record);
  const rule = ruleOf(event, outcome);
  const [account] = accountsOf(record, envelope);
  const identity = identityOf(record, rule, service, account);
  const { severity, techniques } = weigh(record, service, event);
  const tags = tagsOf(record);
  const eventId = textAt(record, "eventID");
  return {
    source: "cloudtrail",
    rule,
    title: titleOf(record, event, outcome),
    severity,
    environment: environmentIn(tags),
    service: serviceIn(tags),
    occurredAt: isoTime(record.eventTime) ?? isoTime(envelope?.time),
    dedupKey: identity,
    entities: [
      ...callerEntities(record, event === "ConsoleLogin" && outcome !== "done"),
      ...subjectEntities(record),
    ],
    techniques,
    labels: labelsOf(record, account) ?? [],
    description: textAt(record, "errorMessage"),
    links: [{ href: consoleLink(record), text: "CloudTrail console" }],
    hints: { heartbeatKey: eventId && identityKey([identity, eventId]) },
  };
}

function readRecord({ detail, event: envelope }: AwsEvent): Reading {
  if (!isRecord(detail)) return invalid("detail: must be a CloudTrail record");
  const source = textAt(detail, "eventSource");
  if (source === undefined) return invalid("eventSource: is required in a CloudTrail record");
  const event = textAt(detail, "eventName");
  if (event === undefined) return invalid("eventName: is required in a CloudTrail record");
  return fitAlert(draftOf(detail, source.trim(), event.trim(), envelope));
}

function readCloudTrail(sent: unknown): Reading[] {
  if (!isRecord(sent)) return [invalid("cloudtrail: must be an object")];
  const deep = findOddity(sent, true);
  if (deep) return [{ reject: { code: deep.code, message: sayOddity(deep) } }];
  const { inner, rejected } = openAws(sent);
  if (rejected) return [rejected];
  if (Array.isArray(inner.Records)) return fewRecords(inner.Records).map((detail) => readRecord({ detail }));
  if (inner.s3ObjectKey !== undefined && inner.eventName === undefined) {
    return [invalid("s3ObjectKey: this only says that a log file was written; send the file's records")];
  }
  return [readRecord(awsEventOf(inner))];
}

function isRecordOfTrail(value: unknown): boolean {
  if (!isRecord(value) || typeof value.eventName !== "string" || typeof value.eventVersion !== "string") {
    return false;
  }
  return typeof value.eventSource === "string" && sourceShape.test(value.eventSource);
}

/**
 * AWS CloudTrail records: bare, a log file's `Records`, an EventBridge event (`AWS API Call via CloudTrail` and its
 * like), each also in an SNS notification. The severity is that of the call (cloudtrail-severity.ts), reads and
 * everyday changes are info. Identity: see `identityOf`. Hints: heartbeatKey, so that a record delivered twice
 * counts as one occurrence.
 */
export const cloudtrail: Adapter = {
  format: "cloudtrail",
  recognises: (record) => {
    const inside = lookInside(record);
    if (inside?.event) return inside.event["detail-type"].endsWith(" via CloudTrail");
    const detail = inside?.detail;
    const records = isRecord(detail) && Array.isArray(detail.Records) ? detail.Records : [detail];
    return records.length > 0 && records.every(isRecordOfTrail);
  },
  read: readCloudTrail,
};
