import * as v from "valibot";
import { AlertInput, limits } from "../../shared/alert.ts";
import type { Adapter, Reading, Reject } from "./adapter.ts";
import { invalid, isWebAddress } from "./fit-alert.ts";
import { plainAlert } from "./plain-alert.ts";
import { isRecord } from "./text-field.ts";
import { findOddity, namePath, sayOddity } from "./well-formed.ts";

type AlertIssue = v.InferIssue<typeof AlertInput>;

function pathOf(issue: AlertIssue): string[] {
  return (issue.path ?? []).map((step) => String(step.key));
}

function tooMuch(issue: AlertIssue, name: string): Reject | undefined {
  if (issue.type === "max_length") {
    const most = Number(issue.requirement).toLocaleString("en");
    if (Array.isArray(issue.input))
      return { code: "too_many_items", message: `${name}: at most ${most} items` };
    const onName = issue.path?.at(-1)?.origin === "key" ? " in a name" : "";
    return { code: "field_too_long", message: `${name}: at most ${most} characters${onName}` };
  }
  return undefined;
}

/** Told before the schema looks at each of them: there may be a million. */
const tooManyLabels: Reading = {
  reject: { code: "too_many_items", message: `labels: at most ${limits.labels} items` },
};

const kinds: Record<string, string> = {
  string: "text",
  array: "a list",
  object: "an object",
  record: "an object",
};

function wrong(issue: AlertIssue): string {
  if (issue.type === "picklist")
    return `one of ${issue.expected?.replace(/[()"]/g, "").replaceAll(" | ", ", ")}`;
  if (issue.type === "min_length") return "must not be empty";
  if (issue.input === undefined) return "is required";
  if (issue.type === "regex" && issue.path?.[0]?.key === "techniques")
    return "an ATT&CK id such as T1110.003";
  if (issue.type === "regex" || issue.type === "check")
    return "an RFC 3339 time such as 2026-11-23T12:00:00Z";
  return `must be ${kinds[issue.type] ?? issue.expected ?? "something else"}`;
}

function rejectOf(issue: AlertIssue): Reject {
  const name = namePath(pathOf(issue));
  return tooMuch(issue, name) ?? { code: "invalid_alert", message: `${name}: ${wrong(issue)}` };
}

/** The schema leaves out what could be taken for a part of every object, without a word. */
function lostLabel(sent: unknown, kept: AlertInput["labels"]): string | undefined {
  if (!isRecord(sent) || kept === undefined) return undefined;
  return Object.keys(sent).find((name) => !Object.hasOwn(kept, name));
}

/**
 * Reads one alert of `POST /api/v1/alerts`. `textIsClean` (see well-formed.ts) is what the caller knows of the
 * whole body, looked at once; without it every string of the record is looked at.
 */
export function readAlert(record: unknown, textIsClean = false): Reading {
  if (!isRecord(record)) return invalid("alert: must be an object");
  const plain = textIsClean ? plainAlert(record) : null;
  if (plain !== null) return { alert: plain };
  if (isRecord(record.labels) && Object.keys(record.labels).length > limits.labels) return tooManyLabels;
  const parsed = v.safeParse(AlertInput, record, { abortEarly: true });
  if (!parsed.success) return { reject: rejectOf(parsed.issues[0]) };
  const oddity = findOddity(record, textIsClean);
  if (oddity) return { reject: { code: oddity.code, message: sayOddity(oddity) } };
  const { output } = parsed;
  const lost = lostLabel(record.labels, output.labels);
  if (lost !== undefined) return invalid(`labels.${lost}: a label cannot have this name`);
  return {
    alert: output.links
      ? { ...output, links: output.links.filter(({ href }) => isWebAddress(href)) }
      : output,
  };
}

/** The canonical alert. Identity: the sender's `dedupKey`, else computed by triage; no hints. */
export const alert: Adapter = {
  format: "alert",
  recognises: (record) =>
    isRecord(record) &&
    ["source", "rule", "title", "severity"].every((name) => typeof record[name] === "string"),
  read: (record, textIsClean) => [readAlert(record, textIsClean)],
};
