import { asList } from "./as-list.ts";
import { identityKey } from "./identity-key.ts";
import { fieldAt, firstText, textAt, textsAt } from "./text-field.ts";

/** The product that found it: analytics are numbered within it. */
export function productOf(finding: unknown): string | undefined {
  return firstText(finding, [
    "metadata.product.name",
    "metadata.product.uid",
    "metadata.product.vendor_name",
  ]);
}

/** What raised the finding, as its product calls it; the title is no name of it. */
export function analyticOf(finding: unknown): string | undefined {
  const info = "finding_info";
  const named = firstText(finding, [`${info}.analytic.uid`, `${info}.analytic.name`]);
  return named ?? textsAt(finding, `${info}.types`)[0];
}

/** In this order, the first that says something, for findings that name no resource. */
const subjects = [
  "device.uid",
  "device.hostname",
  "device.name",
  "device.ip",
  "user.uid",
  "user.name",
  "dst_endpoint.hostname",
  "dst_endpoint.ip",
  "src_endpoint.ip",
  "actor.user.name",
  "file.path",
];

function subjectsOf(finding: unknown): (string | undefined)[] {
  const resources = asList(fieldAt(finding, "resources")).map((one) => firstText(one, ["uid", "name"]));
  const told = resources.filter((one) => one !== undefined);
  if (told.length > 0) return [...new Set(told)].sort();
  const own = firstText(finding, subjects);
  return [own ?? firstText(asList(fieldAt(finding, "evidences"))[0], subjects)];
}

/**
 * Product, account, analytic and the resources, in any order; without resources the first of device, user, address.
 * A finding that says neither what raised it nor what it is about is only itself, by its uid.
 */
export function ocsfIdentity(finding: unknown): string {
  const detector = ["ocsf", productOf(finding), textAt(finding, "cloud.account.uid")];
  const analytic = analyticOf(finding);
  const [first, ...more] = subjectsOf(finding);
  if (analytic !== undefined && first !== undefined)
    return identityKey([...detector, analytic, first, ...more]);
  return identityKey([...detector, analytic, "uid", textAt(finding, "finding_info.uid"), first, ...more]);
}
