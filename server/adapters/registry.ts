import type { Format } from "../../shared/alert.ts";
import type { Adapter } from "./adapter.ts";
import { alert } from "./alert.ts";
import { alertmanager } from "./alertmanager.ts";
import { aminer } from "./aminer.ts";
import { generic } from "./generic.ts";
import { suricata } from "./suricata.ts";
import { wazuh } from "./wazuh.ts";

const adapters: Record<Format, Adapter> = { alert, wazuh, suricata, aminer, alertmanager, generic };

export function adapterFor(format: Format): Adapter {
  return adapters[format];
}

/** The one format a record can be, by its content; null when it is none or could be two. */
export function detectFormat(record: unknown): Format | null {
  const [found, second] = Object.values(adapters).filter((adapter) => adapter.recognises(record));
  return found && !second ? found.format : null;
}
