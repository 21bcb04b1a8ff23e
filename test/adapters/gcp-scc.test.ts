import { describe, expect, test } from "vitest";
import { detectFormat } from "../../server/adapters/registry.ts";
import type { Alert } from "../../shared/alert.ts";
import { alertOf, fixtureAlerts, fixtureRecords, read, rejectOf } from "./fixture-records.ts";

const alerts = fixtureAlerts("gcp-scc", "gcp-scc/notifications.ndjson");
const at = (index: number): Alert => {
  const alert = alerts[index];
  if (!alert) throw new Error(`no alert ${index}`);
  return alert;
};
const entity = (type: string, value: string, role: string) => ({ type, value, role });
const name = "organizations/123456789012/sources/111/findings/f1";
const finding = (change: object = {}, resource: object = {}) => ({
  notificationConfigName: "organizations/123456789012/notificationConfigs/quiet",
  finding: { name, category: "OPEN_PORT", state: "ACTIVE", ...change },
  resource,
});
const readOne = (record: unknown): Alert => alertOf(read("gcp-scc", record));

describe("a finding of Security Command Center", () => {
  test("becomes an alert of its category", () => {
    const { entities, labels, ...rest } = at(0);
    expect(rest).toEqual({
      source: "gcp-scc",
      rule: "Malware: Bad Domain",
      title: "Malware: Bad Domain: shop-web-1",
      severity: "high",
      environment: "staging",
      service: "shop",
      occurredAt: "2026-11-23T12:00:00.500Z",
      status: "firing",
      dedupKey:
        "gcp-scc|organizations/123456789012/sources/5678901234567890123/locations/global/findings/0f1e2d3c4b5a69788796a5b4c3d2e1f0",
      techniques: ["T1071.004", "T1071", "T1105"],
      description: "A domain of known malware was looked up.",
      links: [
        {
          href: "https://console.cloud.google.com/compute/instances?project=example-shop",
          text: "Google Cloud console",
        },
      ],
      hints: {
        nativeSeverity: "HIGH",
        heartbeatKey: rest.dedupKey,
        instanceKey:
          "organizations/123456789012/sources/5678901234567890123/locations/global/findings/0f1e2d3c4b5a69788796a5b4c3d2e1f0",
      },
    });
    expect(labels).toEqual({
      project_id: "example-shop",
      project_number: "987654321098",
      finding_class: "THREAT",
      tactic: "command-and-control",
      resource:
        "//compute.googleapis.com/projects/example-shop/zones/europe-west1-b/instances/4443332221110009998",
      resource_type: "google.compute.Instance",
      cloud: "GOOGLE_CLOUD_PLATFORM",
      detector: "Event Threat Detection",
      method: "compute.instances.insert",
      env: "staging",
      service: "shop",
    });
    expect(entities).toEqual([
      entity("host", "shop-web-1", "target"),
      entity("host", "4443332221110009998", "target"),
      entity("user", "deploy@example-shop.iam.gserviceaccount.com", "actor"),
      entity("ip", "198.51.100.9", "actor"),
      entity("ip", "203.0.113.7", "actor"),
      entity("domain", "pool.example.com", "actor"),
      entity("ip", "10.0.0.5", "target"),
      entity("process", "/tmp/xmrig", "actor"),
      entity("hash", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "actor"),
      entity("account", "example-shop", "target"),
      entity("account", "987654321098", "target"),
    ]);
  });

  test("that became inactive is resolved, for the same instance and group", () => {
    expect(at(1)).toMatchObject({ status: "resolved", dedupKey: at(0).dedupKey });
    expect(at(1).hints).toEqual(at(0).hints);
  });

  test("of an old detector has the severity that stands among its properties, and no link that is none", () => {
    expect(at(2)).toMatchObject({ severity: "high", hints: { nativeSeverity: "High" } });
    expect(at(2).links).toBeUndefined();
    expect(at(2).description).toBe("This bucket is public.\nRemove allUsers from the bucket.");
    expect(at(2).entities).toEqual([
      entity("url", "gs://example-bucket", "target"),
      entity("account", "example-shop", "target"),
    ]);
    expect(at(5)).toEqual(at(2));
  });

  test("that is muted says so and stays", () => {
    expect(at(3)).toMatchObject({ status: "firing", labels: { mute: "MUTED" } });
    expect(at(3).description).toMatch(/^Muted in Security Command Center\./);
    expect(readOne(finding({ mute: "UNMUTED" })).labels?.mute).toBeUndefined();
  });

  test("updated is a heartbeat of the same group; of another name it is another", () => {
    const [first, again, other] = [
      finding(),
      finding({ eventTime: "2026-11-23T13:00:00Z", severity: "LOW", description: "else" }),
      finding({ name: `${name}2` }),
    ].map(readOne);
    expect(again?.dedupKey).toBe(first?.dedupKey);
    expect(again?.hints?.heartbeatKey).toBe(first?.hints?.heartbeatKey);
    expect(other?.dedupKey).not.toBe(first?.dedupKey);
  });

  test.each([
    [{ severity: "CRITICAL" }, "critical"],
    [{ severity: "HIGH" }, "high"],
    [{ severity: "MEDIUM" }, "medium"],
    [{ severity: "LOW" }, "low"],
    [{ severity: "SEVERITY_UNSPECIFIED", findingClass: "THREAT" }, "high"],
    [{ findingClass: "OBSERVATION" }, "low"],
    [{ findingClass: "constructor" }, "medium"],
    [{}, "medium"],
  ])("%j is of severity %s", (change, severity) => {
    expect(readOne(finding(change)).severity).toBe(severity);
  });

  test("knows techniques by Google's names and by their numbers, and no others", () => {
    const mitreAttack = { primaryTechniques: ["BRUTE_FORCE", "T1530"], additionalTechniques: ["toString"] };
    expect(readOne(finding({ mitreAttack })).techniques).toEqual(["T1110", "T1530"]);
  });

  test("in another cloud has that cloud's account", () => {
    const resource = {
      type: "AWS::EC2::Instance",
      displayName: "i-1",
      awsMetadata: { account: { id: "012345678901" } },
    };
    const alert = readOne(finding({}, resource));
    expect(alert.entities).toContainEqual(entity("account", "012345678901", "target"));
    expect(alert.entities).toContainEqual(entity("host", "i-1", "target"));
  });

  test("of a vulnerability names and links it", () => {
    const cve = { id: "CVE-2026-0001", references: [{ uri: "https://vendor.example.com/cve" }] };
    const alert = readOne(finding({ vulnerability: { cve } }));
    expect(alert.labels?.cve).toBe("CVE-2026-0001");
    expect(alert.links).toEqual([{ href: "https://vendor.example.com/cve", text: "CVE-2026-0001" }]);
  });

  test("of a granted role names who got it", () => {
    const alert = readOne(finding({ iamBindings: [{ action: "ADD", member: "user:carla@example.net" }] }));
    expect(alert.entities).toContainEqual(entity("user", "carla@example.net", "target"));
  });
});

describe("finding Security Command Center out", () => {
  test("works for every shape it comes in", () => {
    const records = fixtureRecords("gcp-scc/notifications.ndjson");
    expect(records.map(detectFormat)).toEqual(records.map(() => "gcp-scc"));
    expect(detectFormat({ finding: { name: "a finding", category: "x" } })).toBeNull();
  });

  test.each([
    [finding({ name: undefined }), "finding.name: is required in a Security Command Center finding"],
    [finding({ category: undefined }), "finding.category: is required in a Security Command Center finding"],
    [{ finding: "text" }, "finding: must be an object"],
    [[], "gcp-scc: must be an object"],
  ])("%# without what makes it one is rejected", (record, message) => {
    expect(rejectOf(read("gcp-scc", record))).toEqual({ code: "invalid_alert", message });
  });
});
