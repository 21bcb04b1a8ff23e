import type { RoledEntity } from "./fit-alert.ts";
import { callerIp, projectIn } from "./gcp-project.ts";
import { isIp, saysNothing } from "./ip-address.ts";
import { fieldAt, firstText, type JsonRecord, textAt, textEntries } from "./text-field.ts";

/** Entities of the resource's labels, by the type of monitored resource they stand for. */
const resourceNames = [
  ["container_name", "container"],
  ["pod_name", "container"],
  ["function_name", "process"],
  ["email_id", "user"],
] as const;

/** Labels of the resource and of the entry itself; agents put the labels of a pod or a machine there. */
export function entryLabels(entry: JsonRecord): [string, string][] {
  const own = textEntries(entry.labels).map(([name, value]): [string, string] => [
    name.replace(/^k8s-pod\//, ""),
    value,
  ]);
  return [...textEntries(fieldAt(entry, "resource.labels")), ...own];
}

/** The project, else the folder or organization, under which the log is kept. */
export function entryProject(entry: JsonRecord): string | undefined {
  const name = textAt(entry, "logName");
  const owner = /^(?:organizations|folders|billingAccounts)\/[^/]+/.exec(name ?? "")?.[0];
  return textAt(entry, "resource.labels.project_id") ?? projectIn(name) ?? owner;
}

/** The name people know the machine by, else its number. */
export function machineOf(entry: JsonRecord): string | undefined {
  return firstText(
    Object.fromEntries(entryLabels(entry).map(([name, value]) => [name.split("/").at(-1), value])),
    ["resource_name", "node_name", "instance_id"],
  );
}

export function placeEntities(entry: JsonRecord): RoledEntity[] {
  const bucket = textAt(entry, "resource.labels.bucket_name");
  const server = textAt(entry, "httpRequest.serverIp");
  const url = textAt(entry, "httpRequest.requestUrl");
  return [
    { type: "host", value: machineOf(entry), role: "target" },
    ...resourceNames.map(
      ([name, type]): RoledEntity => ({
        type,
        value: textAt(entry, `resource.labels.${name}`),
        role: "target",
      }),
    ),
    { type: "url", value: bucket && `gs://${bucket}`, role: "target" },
    {
      type: "ip",
      value: server && isIp(server) && !saysNothing(server) ? server : undefined,
      role: "target",
    },
    { type: "url", value: url && /^https?:\/\//i.test(url) ? url : undefined, role: "target" },
    ...callerIp(textAt(entry, "httpRequest.remoteIp")),
  ];
}

/** The entry in the Logs Explorer; only an id without quotes can be asked for. */
export function logsExplorer(entry: JsonRecord): string | undefined {
  const id = textAt(entry, "insertId");
  const project = projectIn(textAt(entry, "logName"));
  if (!id || !/^[\w~.$-]{1,256}$/.test(id) || !project || !/^[\w:.-]{1,64}$/.test(project)) return undefined;
  const query = encodeURIComponent(`insertId="${id}"`);
  return `https://console.cloud.google.com/logs/query;query=${query}?project=${encodeURIComponent(project)}`;
}
