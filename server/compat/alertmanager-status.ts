import type { AlertmanagerStatus } from "../../shared/alertmanager.ts";
import { receiver } from "./alertmanager-alert.ts";

/** The release of Alertmanager whose API this answers as; clients choose their dialect by it. */
const version = "0.25.0";

const config = `route:\n  receiver: ${receiver.name}\nreceivers:\n- name: ${receiver.name}\n`;

/** `GET /status`: one node without a cluster, whose one route leads to the queue. */
export function statusOf(startedAt: number): AlertmanagerStatus {
  return {
    cluster: { name: receiver.name, status: "disabled", peers: [] },
    versionInfo: {
      version,
      revision: receiver.name,
      branch: receiver.name,
      buildUser: receiver.name,
      buildDate: "",
      goVersion: "",
    },
    config: { original: config },
    uptime: new Date(startedAt).toISOString(),
  };
}
