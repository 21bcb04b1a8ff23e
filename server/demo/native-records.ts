import type { AlertInput, Format } from "../../shared/alert.ts";
import { type Machine, sensor } from "./company.ts";

/** What a detector sends, as it writes it itself, at its time in epoch milliseconds. */
export interface DemoAlert {
  at: number;
  format: Format;
  record: Record<string, unknown>;
}

interface WazuhFields {
  rule: string;
  level: number;
  description: string;
  techniques?: string[];
  log: string;
  data?: Record<string, string>;
  path?: string;
}

export function wazuh(at: number, { name, ip }: Machine, fields: WazuhFields): DemoAlert {
  const { rule, level, description, techniques, log, data, path } = fields;
  return {
    at,
    format: "wazuh",
    record: {
      timestamp: new Date(at).toISOString(),
      rule: { id: rule, level, description, ...(techniques && { mitre: { id: techniques } }) },
      agent: { id: ip.slice(ip.lastIndexOf(".") + 1).padStart(3, "0"), name, ip },
      manager: { name: "siem" },
      decoder: { name: path === undefined ? "sshd" : "syscheck" },
      full_log: log,
      ...(data && { data }),
      ...(path !== undefined && { syscheck: { path, event: "modified" } }),
    },
  };
}

interface EveFields {
  from: string;
  to: Machine;
  port: number;
  id: number;
  signature: string;
  category: string;
  priority: 1 | 2 | 3;
  techniques?: string[];
  http?: Record<string, string | number>;
}

export function suricata(at: number, fields: EveFields): DemoAlert {
  const { from, to, port, id, signature, category, priority, techniques, http } = fields;
  const metadata = techniques && { metadata: { mitre_technique_id: techniques } };
  return {
    at,
    format: "suricata",
    record: {
      timestamp: new Date(at).toISOString(),
      event_type: "alert",
      flow_id: at,
      src_ip: from,
      src_port: 20_000 + (at % 40_000),
      dest_ip: to.ip,
      dest_port: port,
      proto: "TCP",
      host: sensor,
      alert: { gid: 1, signature_id: id, rev: 3, signature, category, severity: priority, ...metadata },
      ...(http && { http }),
    },
  };
}

interface PrometheusFields {
  name: string;
  severity: "critical" | "warning" | "info";
  instance: string;
  env: string;
  service: string;
  summary: string;
  startsAt: number;
  endsAt: number;
}

/** As Prometheus posts it again and again; `endsAt` in the past says that it is over. */
export function prometheus(at: number, fields: PrometheusFields): DemoAlert {
  const { name, severity, instance, env, service, summary, startsAt, endsAt } = fields;
  return {
    at,
    format: "alertmanager",
    record: {
      labels: { alertname: name, severity, instance, env, service },
      annotations: { summary },
      startsAt: new Date(startsAt).toISOString(),
      endsAt: new Date(endsAt).toISOString(),
      generatorURL: `https://prometheus.example.com/graph?alert=${name}`,
    },
  };
}

export function canonical(at: number, alert: AlertInput): DemoAlert {
  return { at, format: "alert", record: { occurredAt: new Date(at).toISOString(), ...alert } };
}
