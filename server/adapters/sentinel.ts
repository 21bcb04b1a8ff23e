import type { Adapter, Reading } from "./adapter.ts";
import { fewRecords } from "./as-list.ts";
import { fitAlert, invalid } from "./fit-alert.ts";
import { identityKey } from "./identity-key.ts";
import { isoTime } from "./native-time.ts";
import { isGraphAlert, readGraphAlert } from "./sentinel-graph.ts";
import {
  incidentIn,
  type MicrosoftAlert,
  readIncident,
  readSecurityAlert,
  securityAlertIn,
} from "./sentinel-shapes.ts";
import { severityOfWord } from "./severity-scale.ts";
import { isRecord } from "./text-field.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

function shapeOf(sent: unknown): MicrosoftAlert | undefined {
  if (!isRecord(sent)) return undefined;
  const incident = incidentIn(sent);
  if (incident !== undefined) return readIncident(incident, sent);
  const alert = securityAlertIn(sent);
  if (alert !== undefined) return readSecurityAlert(alert);
  return isGraphAlert(sent) ? readGraphAlert(sent) : undefined;
}

/** Machines, users and mailboxes in any order, else the named victim, else addresses of every other kind. */
function subjectsOf({ entities, victim }: MicrosoftAlert): string[] {
  const valuesOf = (types: readonly string[]) =>
    entities.flatMap(({ type, value }) => (value && types.includes(type) ? [value] : []));
  const own = valuesOf(["host", "user", "email"]);
  if (own.length > 0) return [...new Set(own)].sort();
  return victim ? [victim] : [...new Set(valuesOf(["ip", "url", "domain", "hash"]))].sort();
}

/** Without a rule, or without anything it is about, an alert is only itself. */
function identityOf(alert: MicrosoftAlert): string {
  const subjects = subjectsOf(alert);
  const { workspace, rules, id } = alert;
  if (rules.length === 0 || subjects.length === 0)
    return identityKey(["sentinel", workspace, ...rules, "id", id]);
  return identityKey(["sentinel", workspace, ...rules, "at", ...subjects]);
}

function readShape(alert: MicrosoftAlert): Reading {
  const { id, rules, title, severity, status, product, joined } = alert;
  const [rule = product ?? "incident"] = rules;
  return fitAlert({
    source: "sentinel",
    rule,
    title: title ?? rule,
    severity: severityOfWord(severity ?? "") ?? "medium",
    occurredAt: alert.times.map(isoTime).find((time) => time !== undefined),
    status: /^(?:closed|resolved|dismissed)$/i.test(status?.trim() ?? "") ? "resolved" : "firing",
    dedupKey: identityOf(alert),
    entities: [...alert.entities, { type: "host", value: hostLike(alert), role: "target" }],
    techniques: alert.techniques,
    labels: [
      ["product", product],
      ["workspace", alert.workspace],
      ["status", status],
      ["tags", alert.tags.join(", ")],
      ["victim", alert.victim],
    ],
    description: alert.description,
    links: alert.links,
    hints: {
      nativeSeverity: severity,
      instanceKey: id,
      heartbeatKey: id && identityKey(["sentinel", id, joined]),
    },
  });
}

/** The victim is named in words; only where no entity is known and it reads like one machine it is taken as one. */
function hostLike({ entities, victim }: MicrosoftAlert): string | undefined {
  const isKnown = entities.some(({ type, value }) => value && type !== "account");
  return !isKnown && /^[\w-]+(?:\.[\w-]+)*$/.test(victim ?? "") ? victim : undefined;
}

/** Graph answers lists of alerts in `value`, as Sentinel's API does with incidents. */
function itemsIn(sent: unknown): unknown[] {
  const list = isRecord(sent) ? sent.value : undefined;
  return Array.isArray(list) && list.length > 0 ? fewRecords(list) : [sent];
}

function isShape(sent: unknown): boolean {
  return incidentIn(sent) !== undefined || securityAlertIn(sent) !== undefined || isGraphAlert(sent);
}

function readSentinel(sent: unknown): Reading[] {
  const deep = findOddity(sent, true);
  if (deep) return [{ reject: { code: deep.code, message: sayOddity(deep) } }];
  const said = "sentinel: neither an incident, nor a row of SecurityAlert, nor an alert of Microsoft Graph";
  return itemsIn(sent).map((item) => {
    const shape = shapeOf(item);
    return shape === undefined ? invalid(said) : readShape(shape);
  });
}

/**
 * Microsoft Sentinel and Defender: incidents (API and Logic App), rows of the table SecurityAlert, alerts of Microsoft
 * Graph (`alerts_v2`). There is nothing worse than High there. Identity: workspace, analytic rules or detector, and the
 * machines, users and mailboxes. An incident that gains one of those is another group; its id stays its instanceKey.
 * Hints: nativeSeverity, instanceKey, heartbeatKey (its updates, until another alert joins it).
 */
export const sentinel: Adapter = {
  format: "sentinel",
  recognises: (sent) => itemsIn(sent).every(isShape),
  read: readSentinel,
};
