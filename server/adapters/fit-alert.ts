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
  const found = new Map<string, Entity>();
  for (const { type, value, role } of drafts) {
    const trimmed = value?.trim();
    if (!trimmed || trimmed.length > limits.entityValue || found.size >= limits.entities) continue;
    const key = `${type} ${trimmed}`;
    if (!found.has(key)) found.set(key, { type, value: trimmed, role });
  }
  return [...found.values()];
}

function fitLabels(entries: Iterable<readonly [string, string | undefined]>): Record<string, string> {
  const labels = new Map<string, string>();
  for (const [name, value] of entries) {
    if (!name || !value || labels.size >= limits.labels) continue;
    const fitted = cut(name, limits.labelName);
    if (!labels.has(fitted)) labels.set(fitted, cut(value, limits.labelValue));
  }
  for (const name of ["__proto__", "constructor", "prototype"]) labels.delete(name);
  return Object.fromEntries(labels);
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
  const known = names
    .map((name) => name.trim().toUpperCase())
    .filter((name) => /^T\d{4}(?:\.\d{3})?$/.test(name));
  return [...new Set(known)].slice(0, limits.techniques);
}

function fitHints(hints: Absent<AlertHints>): AlertHints {
  return said({
    ...hints,
    nativeSeverity: cutOptional(hints.nativeSeverity, limits.labelValue),
    instanceKey: cutOptional(hints.instanceKey, limits.dedupKey),
    runbookUrl: isWebAddress(hints.runbookUrl) ? hints.runbookUrl : undefined,
  });
}

/** Without the properties that say nothing: `undefined`, empty text, empty lists and maps. */
function said<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const entries = Object.entries(fields).filter(
    ([, value]) => value && (typeof value !== "object" || Object.keys(value).length > 0),
  );
  return entriesAs(entries);
}

/** The one cast: the entries are those of an object of the same type, less some. */
function entriesAs<T extends object>(entries: [string, unknown][]): T {
  return Object.fromEntries(entries) as T;
}

function cutOptional(text: string | undefined, longest: number): string | undefined {
  return text && cut(text, longest);
}

function fit(draft: AlertDraft): Alert {
  return {
    source: cut(draft.source.trim(), limits.source),
    rule: cut(draft.rule.trim(), limits.rule),
    title: cut(draft.title.trim(), limits.title),
    severity: draft.severity,
    ...said({
      environment: cutOptional(draft.environment, limits.environment),
      service: cutOptional(draft.service, limits.service),
      occurredAt: draft.occurredAt,
      status: draft.status,
      dedupKey: draft.dedupKey,
      entities: fitEntities(draft.entities ?? []),
      techniques: fitTechniques(draft.techniques ?? []),
      labels: fitLabels(draft.labels ?? []),
      description: cutOptional(draft.description, limits.description),
      links: fitLinks(draft.links ?? []),
      hints: fitHints(draft.hints ?? {}),
    }),
  };
}

/** The one other cast: texts are replaced by texts and names by names, so the type stays. */
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
 */
export function fitAlert(draft: AlertDraft): Reading {
  const alert = fit(draft);
  for (const name of ["source", "rule", "title"] as const) {
    if (alert[name] === "") return invalid(`${name}: must not be empty`);
  }
  return { alert: findOddity(alert) === undefined ? alert : storable(alert) };
}
