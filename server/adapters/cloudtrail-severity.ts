import type { Severity } from "../../shared/alert.ts";
import { opensToWorld } from "./cloudtrail-exposure.ts";
import { fieldAt, type JsonRecord, textAt } from "./text-field.ts";

export interface CloudTrailWeight {
  severity: Severity;
  techniques: readonly string[];
}

/** What a call came to: `denied` is one that its caller had no right to. */
export type Outcome = "done" | "failed" | "denied";

type Row = readonly [severity: Severity, techniques: string, service: string, events: string];

/** Calls that matter whoever makes them; every other change is information. */
const rows: readonly Row[] = [
  ["high", "T1562.008", "cloudtrail", "StopLogging DeleteTrail"],
  ["medium", "T1562.008", "cloudtrail", "UpdateTrail PutEventSelectors DeleteEventDataStore"],
  ["medium", "T1562.008", "ec2", "DeleteFlowLogs"],
  ["medium", "T1562.008", "logs", "DeleteLogGroup DeleteLogStream"],
  ["high", "T1562.001", "guardduty", "DeleteDetector DeleteMembers DisassociateFromAdministratorAccount"],
  ["medium", "T1562.001", "guardduty", "UpdateDetector CreateIPSet"],
  ["high", "T1562.001", "config", "StopConfigurationRecorder DeleteConfigurationRecorder"],
  ["high", "T1562.001", "securityhub", "DisableSecurityHub"],
  ["medium", "T1098.001", "iam", "CreateAccessKey"],
  ["medium", "T1098.001", "ec2", "ImportKeyPair"],
  ["medium", "T1098", "iam", "CreateLoginProfile UpdateLoginProfile"],
  ["medium", "T1136.003", "iam", "CreateUser"],
  ["medium", "T1098.003", "iam", "AttachUserPolicy AttachRolePolicy AttachGroupPolicy AddUserToGroup"],
  ["medium", "T1098.003", "iam", "PutUserPolicy PutRolePolicy PutGroupPolicy"],
  ["medium", "T1098.003", "iam", "CreatePolicyVersion SetDefaultPolicyVersion UpdateAssumeRolePolicy"],
  ["high", "T1556.006", "iam", "DeactivateMFADevice DeleteVirtualMFADevice"],
  ["medium", "T1484.002", "iam", "CreateSAMLProvider UpdateSAMLProvider CreateOpenIDConnectProvider"],
  ["medium", "", "s3", "PutBucketPolicy PutBucketAcl DeleteBucketPolicy"],
  ["medium", "", "s3", "DeleteBucketPublicAccessBlock DeleteAccountPublicAccessBlock"],
  ["high", "T1485", "kms", "ScheduleKeyDeletion"],
  ["medium", "T1537", "ec2", "ModifySnapshotAttribute ModifyImageAttribute"],
  ["medium", "T1537", "rds", "ModifyDBSnapshotAttribute ModifyDBClusterSnapshotAttribute"],
  ["medium", "", "secretsmanager", "PutResourcePolicy"],
  ["high", "T1666", "organizations", "LeaveOrganization"],
];

const weights = new Map<string, CloudTrailWeight>(
  rows.flatMap(([severity, techniques, service, events]) =>
    events
      .split(" ")
      .map((event): [string, CloudTrailWeight] => [
        `${service}:${event}`,
        { severity, techniques: techniques === "" ? [] : [techniques] },
      ]),
  ),
);

const readNames = /^(?:Get|List|Describe|Head|Lookup|Search|BatchGet|Query|Scan|Select|Filter|Check|View)/;

export function isRoot(record: JsonRecord): boolean {
  return textAt(record, "userIdentity.type") === "Root";
}

export function isRead(record: JsonRecord): boolean {
  const { readOnly } = record;
  if (typeof readOnly === "boolean") return readOnly;
  return readNames.test(textAt(record, "eventName") ?? "");
}

export function outcomeOf(record: JsonRecord): Outcome {
  const error = textAt(record, "errorCode");
  if (error && /AccessDenied|Unauthorized(?:Operation|Access)|NotAuthorized/i.test(error)) return "denied";
  const login = textAt(record, "responseElements.ConsoleLogin");
  return error !== undefined || login === "Failure" ? "failed" : "done";
}

/** Only a user's own sign-in can do without a second factor; the directory asks for that of a federated one. */
function loginWeight(record: JsonRecord, outcome: Outcome): CloudTrailWeight {
  if (outcome !== "done") return { severity: isRoot(record) ? "high" : "medium", techniques: [] };
  const isOwn = isRoot(record) || textAt(record, "userIdentity.type") === "IAMUser";
  const hasFactor = textAt(record, "additionalEventData.MFAUsed") !== "No";
  const techniques = ["T1078.004"];
  if (isRoot(record)) return { severity: hasFactor ? "high" : "critical", techniques };
  return isOwn && !hasFactor ? { severity: "medium", techniques } : { severity: "info", techniques: [] };
}

/** The root user needs no rights and so is to be used for nothing; what AWS does in its name does not count. */
function rootWeight(record: JsonRecord): CloudTrailWeight {
  if (!isRoot(record) || textAt(record, "eventType") === "AwsServiceEvent") {
    return { severity: "info", techniques: [] };
  }
  if (textAt(record, "userIdentity.invokedBy")?.endsWith(".amazonaws.com")) {
    return { severity: "info", techniques: [] };
  }
  return { severity: isRead(record) ? "low" : "medium", techniques: ["T1078.004"] };
}

function changeWeight(record: JsonRecord, service: string, event: string): CloudTrailWeight | undefined {
  const exposure = opensToWorld(record, event);
  if (exposure) return { severity: exposure, techniques: service === "ec2" ? ["T1562.007"] : [] };
  const known = weights.get(`${service}:${event}`);
  if (known?.severity !== "medium") return known;
  const policy = textAt(record, "requestParameters.policyArn");
  const isGrave = policy?.endsWith(":policy/AdministratorAccess") || isRoot(record);
  return isGrave ? { ...known, severity: "high" } : known;
}

/** By event, caller and outcome: what only failed is one step milder, what was denied says that someone tries. */
export function weigh(record: JsonRecord, service: string, event: string): CloudTrailWeight {
  const outcome = outcomeOf(record);
  if (event === "ConsoleLogin") return loginWeight(record, outcome);
  if (fieldAt(record, "insightDetails") !== undefined) return { severity: "medium", techniques: [] };
  const change = changeWeight(record, service, event);
  if (outcome === "denied") return { severity: change ? "medium" : "low", techniques: [] };
  if (outcome === "failed") return { severity: change ? "low" : "info", techniques: [] };
  return change ?? rootWeight(record);
}
