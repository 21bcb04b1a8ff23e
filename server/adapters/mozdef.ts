import { type Severity, severities } from "../../shared/alert.ts";
import type { Adapter, Reading } from "./adapter.ts";
import { environmentIn } from "./environment-label.ts";
import { fieldEntries } from "./field-entries.ts";
import { type AlertDraft, fitAlert, invalid, isWebAddress } from "./fit-alert.ts";
import { foxsecDraft, isFoxsecAlert } from "./foxsec.ts";
import { identityKey } from "./identity-key.ts";
import { eventsOf, mozdefEntities, type Subjects, subjectsOf } from "./mozdef-entities.ts";
import { epochTime, isoTime } from "./native-time.ts";
import { severityOfSyslog, severityOfWord } from "./severity-scale.ts";
import { fieldAt, firstText, isRecord, type JsonRecord, textAt, textsAt } from "./text-field.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

/** Words as everywhere; some shippers leave syslog's number. */
function levelOf(text: string | undefined): Severity | undefined {
  if (text === undefined) return undefined;
  return severityOfWord(text) ?? (/^[0-7]$/.test(text) ? severityOfSyslog(Number(text)) : undefined);
}

/**
 * The worse of the event's own word and of the word in its details, where a sensor leaves its own. An event that says
 * neither is a line of a log: info, or low when it reports a failure.
 */
function severityOfEvent(record: JsonRecord): { severity: Severity; native: string } {
  const own = textAt(record, "severity");
  const sensor = textAt(record, "details.severity");
  const said = [levelOf(own), severityOfWord(sensor ?? "")];
  const worst = severities.find((severity) => said.includes(severity));
  return {
    severity: worst ?? (fieldAt(record, "details.success") === false ? "low" : "info"),
    native: [own, said[1] && sensor].filter(Boolean).join(", "),
  };
}

/** Network gear puts the number of its message first, as in `%ASA-4-106023: Deny tcp`. */
function messageId(summary: string): string | undefined {
  return /^%-?([A-Z][\w-]{1,80}):/.exec(summary.trim())?.[1];
}

const categoryNames = ["category", "details.category", "details.deviceproduct"];
const kindNames = ["note", "signatureid", "eventname", "result", "type", "program"].map(
  (name) => `details.${name}`,
);

/** Categories are wide, such as `syslog`; the message's number, the sensor's note or the program narrow them. */
function ruleOfEvent(record: JsonRecord, summary: string): string {
  const category = firstText(record, categoryNames) ?? "event";
  const kind = messageId(summary) ?? firstText(record, [...kindNames, "processname"]);
  return kind === undefined ? category : `${category}/${kind}`;
}

function labelsOf(record: JsonRecord): AlertDraft["labels"] {
  const names = ["category", "classname", "channel", "source", "eventsource", "file", "processname"];
  return [
    ...names.map((name) => [name, textAt(record, name)] as const),
    ["tags", textsAt(record, "tags").join(", ")],
    ...(isRecord(record.details) ? fieldEntries(record.details) : []),
  ];
}

function timeOf(record: JsonRecord): string | undefined {
  const names = ["utctimestamp", "timestamp", "eventtimestamp", "receivedtimestamp"];
  const times = names.map((name) => isoTime(record[name]));
  return times.find((time) => time !== undefined) ?? epochTime(fieldAt(record, "details.ts"));
}

type Context = Pick<AlertDraft, "environment" | "service" | "occurredAt" | "techniques" | "labels">;

function contextOf(record: JsonRecord): Context {
  return {
    environment: environmentIn(record.details) ?? environmentIn(record),
    service: firstText(record.details, ["application", "app", "appname"]),
    occurredAt: timeOf(record),
    techniques: textsAt(record, "tags").map((tag) => tag.replace(/^attack\./i, "")),
    labels: labelsOf(record) ?? [],
  };
}

/** Identity: rule, environment and machine; of what is more than info also account, source and destination. */
function eventDraft(record: JsonRecord, title: string): AlertDraft {
  const rule = ruleOfEvent(record, title);
  const { severity, native } = severityOfEvent(record);
  const context = contextOf(record);
  const { host, user, email, source, destination } = subjectsOf(record);
  const subject = severity === "info" ? [] : [user ?? email, source, destination];
  const texts = ["details.payload", "details.msg", "details.error", "details.command"];
  return {
    ...context,
    source: "mozdef",
    rule,
    title,
    severity,
    dedupKey: identityKey(["mozdef", "event", rule, context.environment, host, ...subject]),
    entities: mozdefEntities(record),
    description: texts
      .map((path) => textAt(record, path))
      .filter(Boolean)
      .join("\n"),
    hints: { nativeSeverity: native },
  };
}

/** What an alert is about: the first of source, account, machine and destination that all its events agree on. */
function commonSubject(described: readonly unknown[]): (string | undefined)[] {
  const subjects = described.map(subjectsOf);
  for (const name of ["source", "user", "email", "host", "destination"] satisfies (keyof Subjects)[]) {
    const values = new Set(subjects.map((subject) => subject[name]));
    const [value] = values;
    if (value !== undefined && values.size === 1) return [name, value];
  }
  return [];
}

function commonEnvironment(events: readonly unknown[]): string | undefined {
  const [first, ...more] = new Set(events.map((event) => environmentIn(fieldAt(event, "details"))));
  return more.length === 0 ? first : undefined;
}

/** Identity: class (without one category and tags), environment and the common subject, never the sample of events. */
function alertDraft(record: JsonRecord, title: string): AlertDraft {
  const category = textAt(record, "category") ?? "alert";
  const tags = textsAt(record, "tags");
  const rule = textAt(record, "classname") ?? [category, ...tags].join("/");
  const events = eventsOf(record);
  const own = isRecord(record.details) ? [record] : events;
  const context = contextOf(record);
  const environment = context.environment ?? commonEnvironment(events);
  const native = textAt(record, "severity");
  const runbook = textAt(record, "url");
  const summaries = events.map((event) => textAt(event, "summary")).filter((text) => text !== undefined);
  return {
    ...context,
    environment,
    source: "mozdef",
    rule,
    title,
    severity: levelOf(native) ?? "medium",
    dedupKey: identityKey(["mozdef", "alert", rule, environment, ...commonSubject(own)]),
    entities: [record, ...events].flatMap(mozdefEntities),
    description: [...new Set(summaries)].join("\n"),
    links: [{ href: runbook, text: "Runbook" }],
    hints: { nativeSeverity: native, runbookUrl: isWebAddress(runbook) ? runbook : undefined },
  };
}

function readMozdef(record: unknown): Reading {
  if (!isRecord(record)) return invalid("mozdef: must be an object");
  const deep = findOddity(record, true);
  if (deep) return { reject: { code: deep.code, message: sayOddity(deep) } };
  const summary = textAt(record, "summary");
  if (summary === undefined) return invalid("summary: is required in a MozDef event or alert");
  if (isFoxsecAlert(record)) return fitAlert(foxsecDraft(record, summary));
  return fitAlert(Array.isArray(record.events) ? alertDraft(record, summary) : eventDraft(record, summary));
}

function isEvent(record: JsonRecord): boolean {
  if (!isRecord(record.details) || record.events !== undefined) return false;
  if (typeof record.category === "string") return true;
  return (
    Array.isArray(record.tags) &&
    [record.utctimestamp, record.receivedtimestamp].some((time) => isoTime(time))
  );
}

function isAlert({ events, category, tags, utctimestamp }: JsonRecord): boolean {
  if (!Array.isArray(events) || typeof category !== "string") return false;
  // A dead man's alert is about events that did not come.
  if (events.length === 0) return Array.isArray(tags) && isoTime(utctimestamp) !== undefined;
  return events.every((event) => isRecord(event) && isRecord(event.documentsource));
}

/**
 * MozDef's events (`POST /events`) and alerts, without their verdicts (`status`, `acknowledged`), which are people's
 * and not the detector's; and the alerts of its successor foxsec-pipeline, which become those of source `foxsec`.
 * Identity: see `eventDraft`, `alertDraft`, `foxsec.ts`. Hints: nativeSeverity, runbookUrl (an alert's `url`).
 */
export const mozdef: Adapter = {
  format: "mozdef",
  recognises: (record) => {
    if (!isRecord(record) || textAt(record, "summary") === undefined) return false;
    return isFoxsecAlert(record) || isEvent(record) || isAlert(record);
  },
  read: (record) => [readMozdef(record)],
};
