import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeEach, describe, expect, test } from "vitest";
import { isAitCsvHeader, readAitCsvLine } from "../../server/adapters/ait-csv.ts";
import { adapterFor, detectFormat } from "../../server/adapters/registry.ts";
import type { Alert, Format } from "../../shared/alert.ts";
import { alertOf, read } from "./fixture-records.ts";

const folder = resolve(import.meta.dirname, "../..", process.env.QUIETWATCH_SAMPLES_DIR ?? "../shared/data");

function recordsOf(file: string): unknown[] {
  const text = readFileSync(resolve(folder, file), "utf8");
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : [parsed];
  } catch {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    return lines.map((line): unknown => JSON.parse(line));
  }
}

function alertsOf(format: Format, files: readonly string[]): Alert[] {
  const readings = files.flatMap(recordsOf).flatMap((record) => read(format, record));
  return readings.map((reading) => alertOf([reading]));
}

const identities = (alerts: readonly Alert[]) =>
  new Set(alerts.map(({ source, dedupKey }) => `${source} ${dedupKey}`));

interface Sample {
  format: Format;
  files: string[];
  alerts: number;
  /** At least so many alerts to one identity on average. */
  folds: number;
  /** Examples whose authors left the times out. */
  isTimeless?: true;
}

/** AMiner's 200 are a mixture made to be varied (43 pairs of component and machine); Suricata's show each rule once. */
const samples: Sample[] = [
  {
    format: "wazuh",
    files: ["ait-raw/wazuh_attack_lines.json", "ait-raw/wazuh_no_attack_lines.json"],
    alerts: 200,
    folds: 5,
  },
  { format: "wazuh", files: ["wazuh/ossec_insect.json"], alerts: 497, folds: 40 },
  {
    format: "aminer",
    files: ["ait-raw/aminer_attack_lines.json", "ait-raw/aminer_no_attack_lines.json"],
    alerts: 200,
    folds: 3.8,
  },
  { format: "suricata", files: ["suricata/wrccdc-2017.alerts.json"], alerts: 161, folds: 1 },
  {
    format: "alertmanager",
    files: ["alertmanager/PlaygroundDemoAlert.json", "alertmanager/prom_post_request.json"],
    alerts: 3,
    folds: 1,
  },
  {
    format: "falco",
    files: ["falco/falco-talon_examples.ndjson", "falco/falcosidekick_readme.ndjson"],
    alerts: 8,
    folds: 1,
  },
  {
    format: "mozdef",
    files: ["mozilla/events-auditd.json", "mozilla/events-benign.json"],
    alerts: 19,
    folds: 1,
  },
  {
    format: "mozdef",
    files: [
      "mozilla/alertcreating-bro-intel.json",
      "mozilla/alertcreating-bro-notice.json",
      "mozilla/alertcreating-bruteforce-ssh.json",
      "mozilla/alertcreating-fail2ban.json",
      "mozilla/events-logins-failure.json",
      "mozilla/events-logins-success.json",
      "mozilla/events-network.json",
    ],
    alerts: 22,
    folds: 1.3,
    isTimeless: true,
  },
  { format: "mozdef", files: ["foxsec/alertsummary_buffer1.txt"], alerts: 57, folds: 57 },
  { format: "guardduty", files: ["guardduty/guardduty-sample-findings.txt"], alerts: 20, folds: 1 },
  { format: "cloudtrail", files: ["mozilla/events-cloudtrail.json"], alerts: 3, folds: 1 },
  {
    format: "gcp-logging",
    files: [
      "gcp/google.cloud.audit.AuditLog.setIamPolicy.json",
      "gcp/google.iam.admin.v1.CreateServiceAccountRequest.json",
      "gcp/google.iam.admin.v1.SetIamPolicy-keyAdmin.json",
      "gcp/google.login.LoginService.loginFailure.json",
    ],
    alerts: 4,
    folds: 1,
  },
  { format: "gcp-logging", files: ["gcp/etd-sample-findings.txt"], alerts: 3, folds: 3 },
  { format: "gcp-logging", files: ["foxsec/authprof_buffer3.txt"], alerts: 5, folds: 5 },
  {
    format: "gcp-scc",
    files: [
      "gcp/bad_ip_scc.json",
      "gcp/non_org_iam_member.json",
      "gcp/open_firewall-remediated.json",
      "gcp/public_bucket_acl.json",
    ],
    alerts: 4,
    folds: 1,
  },
];

describe("real samples", () => {
  beforeEach((context) => {
    context.skip(!existsSync(folder), "QUIETWATCH_SAMPLES_DIR names no folder of samples");
  });

  test.each(samples)("$format $files are recognised, taken without a reject, and fold", (sample) => {
    const records = sample.files.flatMap(recordsOf);
    expect(new Set(records.map(detectFormat))).toEqual(new Set([sample.format]));
    const alerts = alertsOf(sample.format, sample.files);
    expect(alerts).toHaveLength(sample.alerts);
    if (!sample.isTimeless) expect(alerts.filter(({ occurredAt }) => occurredAt === undefined)).toEqual([]);
    const found = identities(alerts).size;
    console.log(`${sample.files.join(", ")}: ${alerts.length} alerts, ${found} identities`);
    expect(alerts.length / found).toBeGreaterThanOrEqual(sample.folds);
  });

  test("Suricata inside Wazuh is one group whether it came as EVE or as fast.log", () => {
    const inner = alertsOf("wazuh", ["wazuh/ossec_insect.json"]).filter(
      ({ source }) => source === "suricata",
    );
    const byEve = inner.filter(({ labels }) => labels?.decoder === "json");
    const byLine = inner.filter(({ labels }) => labels?.decoder === "snort");
    const lines = identities(byLine);
    expect([...identities(byEve)].filter((identity) => lines.has(identity)).length).toBeGreaterThanOrEqual(2);
  });

  test.each([
    ["audit-rhel6.log", 2],
    ["audit-rhel7.log", 50],
    ["audit-ubuntu14.log", 1],
    ["audit-ubuntu16.log", 3],
    ["audit-ubuntu17.log", 1],
    ["test.log", 7],
    ["test2.log", 7],
    ["test3.log", 13],
  ])("every line of auditd/%s is in one of %i events, none of which is rejected", (name, events) => {
    const text = readFileSync(resolve(folder, "auditd", name), "utf8");
    const spans = adapterFor("auditd").textRecords?.(text) ?? [];
    expect(detectFormat(text)).toBe("auditd");
    expect(spans.map((span) => alertOf(read("auditd", text.slice(...span))).source)).toHaveLength(events);
    const between = spans.map(([from], i) => text.slice(spans[i - 1]?.[1] ?? 0, from));
    expect(between.join("").trim()).toBe("");
  });

  test.each(["russellmitchell", "shaw", "santos"])("every line of %s is taken", (name) => {
    const text = gunzipSync(readFileSync(resolve(folder, `ait-ads/${name}.csv.gz`))).toString("utf8");
    const lines = text.split("\n").filter((line) => line !== "" && !isAitCsvHeader(line));
    expect(lines.filter((line) => readAitCsvLine(line).reject)).toEqual([]);
    expect(lines.length).toBeGreaterThan(45_000);
  });
});
