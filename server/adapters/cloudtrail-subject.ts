import { recordsIn } from "./aws-account.ts";
import type { RoledEntity } from "./fit-alert.ts";
import { fieldAt, firstText, type JsonRecord, textAt } from "./text-field.ts";

/** Where calls say what they change, the narrower before the wider. */
const subjects = [
  "userName",
  "roleName",
  "groupName",
  "groupId",
  "bucketName",
  "instanceId",
  "snapshotId",
  "imageId",
  "keyId",
  "detectorId",
  "trailName",
  "logGroupName",
  "functionName",
  "secretId",
  "dBInstanceIdentifier",
  "policyArn",
  "name",
];

/** What a call is about, so that the same call about something else is something else. */
export function subjectOf(record: JsonRecord): string | undefined {
  const named = firstText(record.requestParameters, subjects);
  if (named !== undefined) return named;
  const [resource] = recordsIn(record.resources);
  return firstText(resource, ["ARN", "arn"]) ?? textAt(record, "additionalEventData.bucketName");
}

export function subjectEntities(record: JsonRecord): RoledEntity[] {
  const parameters = record.requestParameters;
  const bucket = textAt(parameters, "bucketName");
  const instances = recordsIn(fieldAt(parameters, "instancesSet")).map((one) => textAt(one, "instanceId"));
  return [
    { type: "user", value: textAt(parameters, "userName"), role: "target" },
    { type: "url", value: bucket && `s3://${bucket}`, role: "target" },
    ...[textAt(parameters, "instanceId"), ...instances].map(
      (value): RoledEntity => ({ type: "host", value, role: "target" }),
    ),
  ];
}
