import type * as v from "valibot";
import { ErrorBody, type FailureCode, failureStatus } from "../../shared/failure.ts";
import { outputs } from "./components.ts";
import { referenceTo } from "./json-schema.ts";
import type { ResponseObject } from "./open-api.ts";
import type { Operation, SuccessAnswer } from "./operation.ts";
import { parameterNames } from "./path-parameters.ts";

const sentences: Readonly<Record<number, string>> = {
  200: "Done.",
  201: "Made.",
  202: "Committed to the log.",
  204: "Done; there is nothing to say.",
};

export function responsesOf(operation: Operation): Record<string, ResponseObject> {
  const { answer, otherwise } = operation;
  const responses: Record<string, ResponseObject> = { [answer.status]: success(answer) };
  for (const [status, codes] of errorsByStatus(operation)) {
    responses[status] = {
      description: codes.join(", "),
      content: json(errorSchema(operation, status)),
    };
  }
  if (otherwise !== undefined) {
    const { status, because, schema } = otherwise;
    responses[status] = { description: because, ...(schema !== undefined && { content: json(schema) }) };
  }
  return responses;
}

function success({ status, schema, type }: SuccessAnswer): ResponseObject {
  const description = sentences[status] ?? "Done.";
  if (schema !== undefined) return { description, content: json(schema) };
  return type === undefined
    ? { description }
    : { description, content: { [type]: { schema: { type: "string" } } } };
}

const json = (schema: v.GenericSchema) => ({ "application/json": { schema: referenceTo(schema) } });

/** What nobody foresaw is told in our own way even to a client of RFC 6749. */
function errorSchema({ errorShape }: Operation, status: number): v.GenericSchema {
  if (errorShape === undefined) return ErrorBody;
  if (errorShape === "oauth") return status >= 500 ? ErrorBody : outputs.OauthError;
  return standInErrors[errorShape];
}

const standInErrors = {
  alertmanager: outputs.AlertmanagerError,
  pagerduty: outputs.PagerdutyError,
  alerta: outputs.AlertaError,
  opsgenie: outputs.OpsgenieError,
} as const;

/** Only Opsgenie has a 422 of its own, and PagerDuty nothing but 400 for whatever its senders should not repeat. */
function statusOf(code: FailureCode, errorShape: Operation["errorShape"]): number {
  const status = failureStatus[code];
  if (errorShape === "pagerduty") return [401, 409, 415, 422].includes(status) ? 400 : status;
  return status === 422 && errorShape !== undefined && errorShape !== "opsgenie" ? 400 : status;
}

function errorsByStatus(operation: Operation): Map<number, FailureCode[]> {
  const found = new Map<number, FailureCode[]>();
  for (const code of errorCodes(operation)) {
    const status = statusOf(code, operation.errorShape);
    found.set(status, [...(found.get(status) ?? []), code]);
  }
  return new Map([...found].sort(([a], [b]) => a - b));
}

/** What an operation may refuse with: its own reasons, and those that follow from what it takes. */
function errorCodes(operation: Operation): FailureCode[] {
  const { access, body, headers, method, path, query, errors = [] } = operation;
  const codes = new Set<FailureCode>();
  const add = (isSo: boolean, ...more: FailureCode[]) => {
    if (isSo) for (const code of more) codes.add(code);
  };
  const takesBytes = errors.includes("invalid_alert");
  const isShaped = body !== undefined && !takesBytes;
  add(access !== "open", "unauthenticated");
  add(access !== "open" && access !== "known", "not_allowed");
  add(access !== "open" && method !== "get", "origin_refused");
  add(body !== undefined, "unreadable", "too_large");
  add(isShaped || query !== undefined || parameterNames(path).length > 0, "invalid");
  add(isShaped || query !== undefined, "nul_character", "lone_surrogate");
  add(headers?.includes("Idempotency-Key") === true, "key_reused", "invalid");
  add(true, ...errors, "unavailable", "internal");
  return [...codes];
}
