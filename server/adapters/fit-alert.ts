import {
  type Alert,
  type AlertHints,
  type Entity,
  type EntityRole,
  type EntityType,
  type Link,
  limits,
  type Severity,
} from "../../shared/alert.ts";
import type { Reading } from "./adapter.ts";
import { findOddity, storableText } from "./well-formed.ts";

/** Every entity that an adapter names has a role. */
export interface RoledEntity {
  type: EntityType;
  value: string | undefined;
  role: EntityRole;
}

type Absent<T> = { [K in keyof T]?: T[K] | undefined };

/** What an adapter found, sizes not yet looked at; `undefined` stands for what the record does not say. */
export interface AlertDraft {
  source: string;
  rule: string;
  title: string;
  severity: Severity;
  environment?: string | undefined;
  service?: string | undefined;
  occurredAt?: string | undefined;
  status?: "firing" | "resolved" | undefined;
  /** From `identityKey`, so never too long. */
  dedupKey?: string | undefined;
  entities?: readonly RoledEntity[];
  techniques?: readonly string[];
  labels?: Iterable<readonly [string, string | undefined]>;
  description?: string | undefined;
  links?: readonly Absent<Link>[];
  hints?: Absent<AlertHints>;
}

/** Cuts to at most `longest` UTF-16 units, the last of them an ellipsis, and never through a pair. */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const last = text.charCodeAt(longest - 2);
  const end = last >= 0xd800 && last <= 0xdbff ? longest - 2 : longest - 1;
  return `${text.slice(0, end)}…`;
}

export function isWebAddress(text: string | undefined): text is string {
  return text !== undefined && text.length <= limits.linkHref && /^https?:\/\/[^\s/]/i.test(text);
}

/** A value cut short would be another entity, so what is too long is left out; the original still holds it. */
function fitEntities(drafts: readonly RoledEntity[]): Entity[] {
  const entities: Entity[] = [];
  for (const { type, value, role } of drafts) {
    const trimmed = value?.trim();
    if (!trimmed || trimmed.length > limits.entityValue || entities.length >= limits.entities) continue;
    const isKnown = entities.some((entity) => entity.type === type && entity.value === trimmed);
    if (!isKnown) entities.push({ type, value: trimmed, role });
  }
  return entities;
}

/** An object takes no text under that name. */
const protoName = "__proto__";

function fitLabels(entries: Iterable<readonly [string, string | undefined]>): Record<string, string> {
  const labels: Record<string, string> = {};
  let count = 0;
  for (const [name, value] of entries) {
    if (!name || !value || count >= limits.labels) continue;
    const fitted = name === protoName ? `(${name})` : cut(name, limits.labelName);
    // The first of a name counts; what every object inherits is no text.
    if (typeof labels[fitted] === "string") continue;
    count += 1;
    labels[fitted] = cut(value, limits.labelValue);
  }
  return labels;
}

function fitLinks(drafts: readonly Absent<Link>[]): Link[] {
  const links: Link[] = [];
  for (const { href, text } of drafts) {
    if (!isWebAddress(href) || links.length >= limits.links) continue;
    links.push(text ? { href, text: cut(text, limits.title) } : { href });
  }
  return links;
}

function fitTechniques(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const known = names
    .map((name) => name.trim().toUpperCase())
    .filter((name) => /^T\d{4}(?:\.\d{3})?$/.test(name));
  return [...new Set(known)].slice(0, limits.techniques);
}

/** Undefined when they say nothing. */
function fitHints(hints: Absent<AlertHints>): AlertHints | undefined {
  const fitted: AlertHints = {};
  if (hints.nativeSeverity) fitted.nativeSeverity = cut(hints.nativeSeverity, limits.labelValue);
  if (hints.heartbeatKey) fitted.heartbeatKey = hints.heartbeatKey;
  if (hints.instanceKey) fitted.instanceKey = cut(hints.instanceKey, limits.dedupKey);
  if (hints.onlyEnds) fitted.onlyEnds = true;
  if (hints.expiresAt) fitted.expiresAt = hints.expiresAt;
  if (isWebAddress(hints.runbookUrl)) fitted.runbookUrl = hints.runbookUrl;
  return isEmpty(fitted) ? undefined : fitted;
}

function isEmpty(fields: object): boolean {
  for (const _ in fields) return false;
  return true;
}

/** Field by field, and only what says something: a flood passes here, and lists of entries would be its greatest part. */
function fit(draft: AlertDraft): Alert {
  const alert: Alert = {
    source: cut(draft.source.trim(), limits.source),
    rule: cut(draft.rule.trim(), limits.rule),
    title: cut(draft.title.trim(), limits.title),
    severity: draft.severity,
  };
  if (draft.environment) alert.environment = cut(draft.environment, limits.environment);
  if (draft.service) alert.service = cut(draft.service, limits.service);
  if (draft.occurredAt) alert.occurredAt = draft.occurredAt;
  if (draft.status) alert.status = draft.status;
  if (draft.dedupKey) alert.dedupKey = draft.dedupKey;
  if (draft.description) alert.description = cut(draft.description, limits.description);
  addParts(alert, draft);
  return alert;
}

/** Lists and maps, those that hold something. */
function addParts(alert: Alert, draft: AlertDraft): void {
  const entities = fitEntities(draft.entities ?? []);
  if (entities.length > 0) alert.entities = entities;
  const techniques = fitTechniques(draft.techniques ?? []);
  if (techniques.length > 0) alert.techniques = techniques;
  const labels = fitLabels(draft.labels ?? []);
  if (!isEmpty(labels)) alert.labels = labels;
  const links = fitLinks(draft.links ?? []);
  if (links.length > 0) alert.links = links;
  const hints = draft.hints && fitHints(draft.hints);
  if (hints) alert.hints = hints;
}

/** The one cast: texts are replaced by texts and names by names, so the type stays. */
function storable<T>(value: T): T {
  return storableValue(value) as T;
}

function storableValue(value: unknown): unknown {
  if (typeof value === "string") return storableText(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(storableValue);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [storableText(name), storableValue(item)]),
  );
}

export function invalid(message: string): Reading {
  return { reject: { code: "invalid_alert", message } };
}

/**
 * A native record's alert within the limits: too long texts end in an ellipsis, what is too many is left out.
 * Nothing is rejected for its size, nor for a NUL or half a surrogate pair: whoever writes into a log could keep an
 * alert from being raised that way. They are shown by a stand-in, and the original keeps them.
 * `textIsClean` (see well-formed.ts) may be true only of a draft whose texts stand in the body just as they are or cut
 * between characters: not of what was decoded, or parsed out of a text, on the way.
 */
export function fitAlert(draft: AlertDraft, textIsClean = false): Reading {
  const alert = fit(draft);
  for (const name of ["source", "rule", "title"] as const) {
    if (alert[name] === "") return invalid(`${name}: must not be empty`);
  }
  return { alert: textIsClean || findOddity(alert) === undefined ? alert : storable(alert) };
}
