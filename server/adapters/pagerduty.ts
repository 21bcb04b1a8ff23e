import { createHash } from "node:crypto";
import type { Adapter, Reading } from "./adapter.ts";
import { environmentIn, serviceIn } from "./environment-label.ts";
import { type AlertDraft, fitAlert, invalid } from "./fit-alert.ts";
import { identityKey } from "./identity-key.ts";
import { machineEntity } from "./machine-entity.ts";
import { isoTime } from "./native-time.ts";
import { severityOfWord } from "./severity-scale.ts";
import { fieldAt, firstText, isRecord, type JsonRecord, textAt, textEntries } from "./text-field.ts";
import { findOddity, sayOddity, storableText } from "./well-formed.ts";

const actions = ["trigger", "acknowledge", "resolve"] as const;

/** The identity of the group that a sender's `dedup_key` stands for. */
export function pagerdutyIdentity(dedupKey: string): string {
  return identityKey(["pagerduty", storableText(dedupKey)]);
}

/**
 * The key of an event: the sender's, else one made of what the event is about, so that a repeat has the same. The
 * summary takes part only where nothing else says what was seen.
 */
export function dedupKeyOf(event: JsonRecord): string {
  const given = textAt(event, "dedup_key");
  if (given !== undefined) return given;
  const parts = ["payload.source", "payload.component", "payload.group", "client"];
  const about = identityKey([ruleOf(event), ...parts.map((path) => textAt(event, path))]);
  return createHash("sha256").update(about).digest("hex").slice(0, 32);
}

/** What was seen: the class of the event, else the component; a summary stands for itself. */
function ruleOf(event: JsonRecord): string | undefined {
  const named = firstText(event, ["payload.class", "payload.component"]);
  if (named !== undefined) return named;
  const isKeyed = textAt(event, "dedup_key") !== undefined;
  return textAt(event, isKeyed ? "client" : "payload.summary");
}

function labelsOf(event: JsonRecord): [string, string | undefined][] {
  const named = ["source", "component", "group", "class"].map((name): [string, string | undefined] => [
    name,
    textAt(event, `payload.${name}`),
  ]);
  return [
    ["dedup_key", dedupKeyOf(event)],
    ...named,
    ["client", textAt(event, "client")],
    ...textEntries(fieldAt(event, "payload.custom_details")),
  ];
}

function linksOf(event: JsonRecord): AlertDraft["links"] {
  const links = Array.isArray(event.links) ? event.links : [];
  const images = Array.isArray(event.images) ? event.images : [];
  return [
    ...links.map((link) => ({ href: textAt(link, "href"), text: textAt(link, "text") })),
    { href: textAt(event, "client_url"), text: textAt(event, "client") },
    ...images.map((image) => ({ href: textAt(image, "src"), text: textAt(image, "alt") ?? "Image" })),
  ];
}

function descriptionOf(details: unknown): string | undefined {
  return textAt(details, "description") ?? (typeof details === "string" ? details : undefined);
}

function draftOf(event: JsonRecord, title: string, isOver: boolean): AlertDraft {
  const details = fieldAt(event, "payload.custom_details");
  const native = textAt(event, "payload.severity");
  const source = textAt(event, "payload.source");
  return {
    source: "pagerduty",
    rule: ruleOf(event) ?? "event",
    title,
    severity: isOver ? "info" : (severityOfWord(native ?? "") ?? "medium"),
    environment: environmentIn(details),
    service: serviceIn(details),
    occurredAt: isoTime(fieldAt(event, "payload.timestamp")),
    status: isOver ? "resolved" : "firing",
    dedupKey: pagerdutyIdentity(dedupKeyOf(event)),
    entities: source === undefined ? [] : [machineEntity(source)],
    labels: labelsOf(event),
    description: descriptionOf(details),
    links: linksOf(event) ?? [],
    hints: {
      nativeSeverity: native,
      onlyEnds: isOver,
      runbookUrl: firstText(details, ["runbook_url", "runbookUrl", "runbook"]),
    },
  };
}

function readPagerduty(event: unknown): Reading {
  if (!isRecord(event)) return invalid("event: must be an object");
  const deep = findOddity(event, true);
  if (deep) return { reject: { code: deep.code, message: sayOddity(deep) } };
  const action = textAt(event, "event_action");
  if (action === "acknowledge")
    return invalid("event_action: an acknowledgement is no alert; send it to /compat/pagerduty/v2/enqueue");
  if (action !== "trigger" && action !== "resolve")
    return invalid(`event_action: one of ${actions.join(", ")}`);
  const isOver = action === "resolve";
  const key = textAt(event, "dedup_key");
  if (isOver && key === undefined) return invalid("dedup_key: is required to resolve");
  const title = textAt(event, "payload.summary") ?? (isOver ? key : undefined);
  return title === undefined
    ? invalid("payload.summary: is required")
    : fitAlert(draftOf(event, title, isOver));
}

/**
 * One event of PagerDuty's Events API v2 (PagerDuty/api-schema, reference/events-v2). Identity: `dedup_key`, whatever
 * the integration, because its key is a secret that is not kept; without one the class, component, group, source and
 * client. Severity: critical, error (high), warning (medium), info. Environment and service: `custom_details`.
 * A resolve says only that it is over. Hints: nativeSeverity, onlyEnds, runbookUrl.
 */
export const pagerduty: Adapter = {
  format: "pagerduty",
  recognises: (record) =>
    isRecord(record) &&
    typeof record.routing_key === "string" &&
    actions.some((action) => action === record.event_action),
  read: (record) => [readPagerduty(record)],
};
