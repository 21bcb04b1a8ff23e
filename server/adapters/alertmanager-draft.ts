import { entitiesOfLabels } from "./alertmanager-entities.ts";
import { environmentIn, serviceIn } from "./environment-label.ts";
import { type AlertDraft, isWebAddress } from "./fit-alert.ts";
import { identityKey } from "./identity-key.ts";
import { isoTime } from "./native-time.ts";
import { severityOfWord } from "./severity-scale.ts";
import { fieldAt, firstText, type JsonRecord, textAt, textEntries } from "./text-field.ts";

/** Labels that only say which of several equal Prometheus servers or rulers is speaking. */
const replicaNames =
  /^(?:__replica__|replica|replica_id|replica_external_label|(?:prometheus|thanos|thanos_ruler|rule|ruler|receive|cortex|mimir)_replica|prometheus_replica_external_label_name)$/;

type Labels = readonly [string, string][];

function sorted(labels: Labels): Labels {
  return [...labels].sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Identity: every label but the replica's, in the order of their names, after the parts that name the sender. */
function labelIdentity(sender: readonly (string | undefined)[], labels: Labels): string {
  const told = sorted(labels).filter(([name]) => !replicaNames.test(name));
  return identityKey([...sender, ...told.flat()]);
}

function linksOf(item: unknown, envelope: unknown, annotations: JsonRecord): AlertDraft["links"] {
  return [
    { href: textAt(item, "generatorURL"), text: "Source" },
    ...["dashboard", "dashboard_url", "dashboardURL"].map((name) => ({
      href: textAt(annotations, name) ?? textAt(item, name),
      text: "Dashboard",
    })),
    { href: textAt(envelope, "externalURL"), text: "Alertmanager" },
  ];
}

/** Status is the item's own, else that of the notification it came in; a v2 item has none and ends by `endsAt`. */
function lifeOf(
  item: unknown,
  envelope: unknown,
  identity: string,
): Pick<AlertDraft, "status"> & {
  heartbeatKey: string | undefined;
  expiresAt: string | undefined;
} {
  const isResolved = (textAt(item, "status") ?? textAt(envelope, "status")) === "resolved";
  const startsAt = isoTime(fieldAt(item, "startsAt"));
  return {
    status: isResolved ? "resolved" : "firing",
    heartbeatKey: startsAt && identityKey([identity, startsAt]),
    expiresAt: isResolved ? undefined : isoTime(fieldAt(item, "endsAt")),
  };
}

/** Who sent the labels: the format, then what else keeps one of its installations apart from another. */
type Sender = readonly [source: string, ...more: (string | undefined)[]];

/**
 * The draft of one alert that is known by its labels. `envelope` is the notification it came in; hints:
 * nativeSeverity, heartbeatKey, instanceKey (the fingerprint, else all labels), expiresAt, runbookUrl. A resend (same
 * labels, same `startsAt`) carries the same heartbeatKey; one without `startsAt` has none.
 */
export function labelledDraft(sender: Sender, item: unknown, envelope: unknown, labels: Labels): AlertDraft {
  const byName = Object.fromEntries(labels);
  const annotations = Object.fromEntries(textEntries(fieldAt(item, "annotations")));
  const rule = byName.alertname ?? "unnamed";
  const identity = labelIdentity(sender, labels);
  const { status, heartbeatKey, expiresAt } = lifeOf(item, envelope, identity);
  const runbooks = ["runbook_url", "runbookUrl", "runbook"].map((name) => annotations[name]);
  return {
    source: sender[0],
    rule,
    title: firstText(annotations, ["summary", "title", "message", "description"]) ?? rule,
    severity: severityOfWord(byName.severity ?? "") ?? "medium",
    environment: environmentIn(byName),
    service: serviceIn(byName, ["job"]),
    occurredAt: isoTime(fieldAt(item, "startsAt")),
    status,
    dedupKey: identity,
    entities: entitiesOfLabels(byName),
    labels,
    description: firstText(annotations, ["description", "message"]),
    links: linksOf(item, envelope, annotations) ?? [],
    hints: {
      nativeSeverity: byName.severity,
      heartbeatKey,
      instanceKey: textAt(item, "fingerprint") ?? identityKey(["labels", ...sorted(labels).flat()]),
      expiresAt,
      runbookUrl: runbooks.find(isWebAddress),
    },
  };
}
