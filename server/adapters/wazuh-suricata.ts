import { parseFastLog } from "./fast-log.ts";
import type { AlertDraft, RoledEntity } from "./fit-alert.ts";
import { eveDraft } from "./suricata.ts";
import { suricataDraft } from "./suricata-alert.ts";
import { fieldAt, isRecord, textAt } from "./text-field.ts";

function parseObject(text: string | undefined): unknown {
  if (!text?.startsWith("{")) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Wazuh cuts long logs; a record cut short is then read from the decoded fields alone.
    return undefined;
  }
}

function isEveAlert(value: unknown): boolean {
  if (!isRecord(value) || fieldAt(value, "alert.signature_id") === undefined) return false;
  return value.event_type === "alert" || (textAt(value, "src_ip") !== undefined && isRecord(value.alert));
}

/**
 * The Suricata or Snort alert that a Wazuh record carries: decoded EVE JSON in `data`, EVE JSON in `full_log`, or
 * a fast.log line there. The draft is the one that suricata.ts makes, so identity and detector are the same.
 */
export function carriedSuricata(record: unknown): (AlertDraft & { entities: RoledEntity[] }) | undefined {
  const data = fieldAt(record, "data");
  if (isEveAlert(data)) return eveDraft(data);
  const line = textAt(record, "full_log");
  const logged = parseObject(line);
  if (isEveAlert(logged)) return eveDraft(logged);
  const decoder = textAt(record, "decoder.parent") ?? textAt(record, "decoder.name");
  if (!line || (decoder !== "snort" && decoder !== "suricata")) return undefined;
  const event = parseFastLog(line);
  return event && suricataDraft(event);
}
