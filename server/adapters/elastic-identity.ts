import { asList } from "./as-list.ts";
import { ecsField, ecsText, ecsTexts, firstEcsText } from "./elastic-field.ts";
import { identityKey } from "./identity-key.ts";

/** What an alert is about on its machine: in this order, the first that says something. */
const subjects = [
  "file.path",
  "source.ip",
  "user.name",
  "url.domain",
  "dns.question.name",
  "process.executable",
  "process.name",
  "container.id",
  "destination.ip",
];

/** A rule that groups its alerts says itself what tells them apart. */
function groupingOf(doc: unknown): string[] {
  const terms = ["kibana.alert.suppression.terms", "kibana.alert.threshold_result.terms"].flatMap((path) =>
    asList(ecsField(doc, path)).flatMap((term) => [...ecsTexts(term, "field"), ...ecsTexts(term, "value")]),
  );
  const instance = ecsTexts(doc, "kibana.alert.instance.id").filter((id) => id !== "*");
  return terms.length > 0 ? terms : instance;
}

/** Space, rule, and what the rule groups by, else the machine, the cloud account and the subject. */
export function elasticIdentity(doc: unknown, rule: string): string {
  const detector = ["elastic", ecsText(doc, "kibana.space_ids"), rule];
  const grouping = groupingOf(doc);
  if (grouping.length > 0) return identityKey([...detector, "by", ...grouping]);
  const host = firstEcsText(doc, ["host.id", "host.name", "agent.id"]);
  const path = subjects.find((one) => ecsText(doc, one) !== undefined);
  const account = ecsText(doc, "cloud.account.id");
  return identityKey([...detector, host, account, path, path && ecsText(doc, path)]);
}
