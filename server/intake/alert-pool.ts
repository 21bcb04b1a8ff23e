import type { Alert } from "../../shared/alert.ts";

/**
 * Keeps alerts that say the same but for their time once. A flood repeats itself: what repeats is held once while
 * it waits for triage, and triage knows by the object alone that it has read it before.
 */
export interface AlertPool {
  /** An alert that says the same: this one, or one that came before. Its `occurredAt` and `raw` count for nothing. */
  share(alert: Alert): Alert;
  /** Bytes, about, of all alerts that it was the first to keep. */
  readonly weight: number;
}

/** Characters of a generation; two are kept, so that what keeps coming is never forgotten at once. */
const mostText = 8_000_000;
/** What an alert takes with its objects and its key, for each character of the key. */
const bytesOfCharacter = 4;

export function createAlertPool(): AlertPool {
  let young = new Map<string, Alert>();
  let old = new Map<string, Alert>();
  let held = 0;
  let weight = 0;

  function keep(key: string, alert: Alert): Alert {
    held += key.length;
    weight += key.length * bytesOfCharacter;
    if (held > mostText) {
      old = young;
      young = new Map();
      held = key.length;
    }
    young.set(key, alert);
    return alert;
  }

  return {
    get weight() {
      return weight;
    },
    share: (alert) => {
      const key = contentKey(alert);
      return young.get(key) ?? keep(key, old.get(key) ?? alert);
    },
  };
}

/** Everything of an alert but its time and `raw`. No text of an alert holds a NUL, so it parts them. */
function contentKey(alert: Alert): string {
  let key = `${alert.source}\0${alert.rule}\0${alert.title}\0${alert.severity}\0${alert.environment ?? ""}\0${
    alert.service ?? ""
  }\0${alert.dedupKey ?? ""}\0${alert.status ?? ""}\0${alert.description ?? ""}`;
  if (alert.entities !== undefined) {
    for (const { type, value, role } of alert.entities) key += `\0e${type}\0${role ?? ""}\0${value}`;
  }
  if (alert.labels !== undefined) {
    for (const name in alert.labels) key += `\0l${name}\0${alert.labels[name]}`;
  }
  if (alert.techniques !== undefined) key += `\0t${alert.techniques.join()}`;
  if (alert.links !== undefined) key += `\0k${JSON.stringify(alert.links)}`;
  if (alert.hints !== undefined) key += `\0h${JSON.stringify(alert.hints)}`;
  return key;
}
