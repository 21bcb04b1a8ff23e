import type { Format } from "../../shared/alert.ts";
import type { Adapter } from "./adapter.ts";
import { alert } from "./alert.ts";
import { alerta } from "./alerta.ts";
import { alertmanager } from "./alertmanager.ts";
import { aminer } from "./aminer.ts";
import { auditd } from "./auditd.ts";
import { bugcrowd } from "./bugcrowd.ts";
import { cloudEventsOver } from "./cloudevents.ts";
import { cloudtrail } from "./cloudtrail.ts";
import { elastic } from "./elastic.ts";
import { falco } from "./falco.ts";
import { gcpLoggingOver } from "./gcp-logging.ts";
import { gcpScc } from "./gcp-scc.ts";
import { generic } from "./generic.ts";
import { grafana } from "./grafana.ts";
import { guardduty } from "./guardduty.ts";
import { hackerone } from "./hackerone.ts";
import { mozdef } from "./mozdef.ts";
import { mozlog } from "./mozlog.ts";
import { ocsf } from "./ocsf.ts";
import { opsgenie } from "./opsgenie.ts";
import { ossec } from "./ossec.ts";
import { pagerduty } from "./pagerduty.ts";
import { sentinel } from "./sentinel.ts";
import { suricata } from "./suricata.ts";
import { wazuh } from "./wazuh.ts";

const cloudevents = cloudEventsOver(adapterOfData, generic);

const adapters: Record<Format, Adapter> = {
  sentinel,
  bugcrowd,
  hackerone,
  ocsf,
  elastic,
  cloudevents,
  alert,
  wazuh,
  suricata,
  aminer,
  alertmanager,
  grafana,
  falco,
  pagerduty,
  alerta,
  opsgenie,
  mozlog,
  ossec,
  auditd,
  mozdef,
  guardduty,
  cloudtrail,
  "gcp-logging": gcpLoggingOver(adapterOfPayload),
  "gcp-scc": gcpScc,
  generic,
};

export function adapterFor(format: Format): Adapter {
  return adapters[format];
}

/** The one format a record can be, by its content; null when it is none or could be two. */
export function detectFormat(record: unknown): Format | null {
  const [found, second] = Object.values(adapters).filter((adapter) => adapter.recognises(record));
  return found && !second ? found.format : null;
}

/** Data of an event is not unpacked twice: an event inside an event is shown as it is. */
function adapterOfData(data: unknown): Adapter | null {
  const format = detectFormat(data);
  return format === null || format === "cloudevents" ? null : adapters[format];
}

const loggingTools: readonly Format[] = ["mozlog", "falco", "suricata", "wazuh", "aminer"];

/** Only tools that report what they saw: a line in a log must not resolve what another detector raised. */
function adapterOfPayload(payload: unknown): Adapter | null {
  const format = detectFormat(payload);
  return format !== null && loggingTools.includes(format) ? adapters[format] : null;
}
