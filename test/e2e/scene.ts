import type { AlertInput } from "../../shared/alert.ts";

const host = (value: string) => ({ type: "host", value, role: "target" }) as const;
const from = (value: string) => ({ type: "ip", value, role: "actor" }) as const;

/** What needs a person in the pictures: an invented shop at an invented hour. */
const worthSeeing: AlertInput[] = [
  {
    source: "falco",
    rule: "Run shell in web server",
    title: "Web shell ran commands on shop-web-03",
    severity: "critical",
    environment: "production",
    service: "checkout",
    techniques: ["T1505.003"],
    entities: [host("shop-web-03"), from("203.0.113.9")],
    description: "www-data ran /bin/sh -c 'id; uname -a; cat /etc/passwd', asked for by 203.0.113.9",
  },
  {
    source: "guardduty",
    rule: "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration",
    title: "Access key of ci-deploy used from outside the account",
    severity: "high",
    environment: "production",
    service: "billing",
    techniques: ["T1552.005"],
    entities: [{ type: "account", value: "ci-deploy", role: "target" }, from("198.51.100.23")],
  },
  {
    source: "wazuh",
    rule: "5902",
    title: "New user added to the system",
    severity: "medium",
    environment: "production",
    service: "mail",
    techniques: ["T1136.001"],
    entities: [host("mail-01")],
  },
  {
    source: "prometheus",
    rule: "BackupMissing",
    title: "No database backup for 26 hours",
    severity: "high",
    environment: "production",
    service: "orders",
    entities: [host("db-02")],
  },
];

/** What does not: scans, deploys and other people's tests. */
const noise: AlertInput[] = Array.from({ length: 240 }, (_, i) => ({
  source: ["suricata", "wazuh", "prometheus"][i % 3] ?? "suricata",
  rule: ["2001219", "550", "PodRestarting"][i % 3] ?? "2001219",
  title:
    ["ET SCAN Potential SSH Scan", "Integrity checksum changed", "A pod restarts again and again"][i % 3] ??
    "",
  severity: i % 3 === 1 ? "medium" : "low",
  environment: ["staging", "development", "production", "test"][i % 4] ?? "staging",
  entities: [host(`node-${String(i % 12).padStart(2, "0")}`)],
}));

export const scene: AlertInput[] = [...noise, ...worthSeeing];
