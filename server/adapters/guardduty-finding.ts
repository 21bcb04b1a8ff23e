import { fieldAt, isRecord, type JsonRecord, textAt } from "./text-field.ts";

/** `ThreatPurpose:Resource/Family.Detection!Artifact` */
const typeShape = /^([A-Za-z]{3,40}):[A-Za-z0-9]{1,40}\/[^\s]/;

/** The API's names begin with a capital, those of events do not: the same value with the names of events. */
export function inEventCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inEventCase);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      inEventCase(item),
    ]),
  );
}

export function isInApiCase(value: unknown): boolean {
  return isRecord(value) && value.id === undefined && value.Id !== undefined && value.Type !== undefined;
}

/** What of a finding's parts tells it from any other object, in either case. */
export function looksLikeFinding(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const [type, id, resource, service] = isInApiCase(value)
    ? [value.Type, value.Id, value.Resource, value.Service]
    : [value.type, value.id, value.resource, value.service];
  if (typeof type !== "string" || !typeShape.test(type) || id === undefined) return false;
  return isRecord(resource) && isRecord(service);
}

/** The first word of a finding's type: `Recon`, `UnauthorizedAccess`. */
export function purposeOf(type: string): string | undefined {
  return typeShape.exec(type)?.[1];
}

/** Made on request to show what findings look like; nothing happened. */
export function isSample(finding: JsonRecord): boolean {
  if (textAt(finding, "title")?.startsWith("[SAMPLE]")) return true;
  const stated = fieldAt(finding, "service.additionalInfo.sample");
  if (stated === true || stated === "true") return true;
  const value = textAt(finding, "service.additionalInfo.value");
  return value !== undefined && /"sample"\s*:\s*true/.test(value);
}
