import * as v from "valibot";
import { ErrorBody } from "../../shared/failure.ts";

const anyObject = v.looseObject({});
const words = v.optional(v.array(v.string()));
const text = v.optional(v.string());

/** What senders of other services' events send, as far as it is read; whatever else is there is kept. */
export const standInInputs = {
  PagerdutyEvent: v.looseObject({
    routing_key: v.string(),
    event_action: v.picklist(["trigger", "acknowledge", "resolve"]),
    dedup_key: text,
    payload: v.optional(anyObject),
  }),
  PagerdutyChangeEvent: v.looseObject({ routing_key: v.string(), payload: anyObject }),
  AlertaAlert: v.looseObject({
    resource: v.string(),
    event: v.string(),
    environment: text,
    severity: text,
    correlate: words,
    service: words,
    text,
    tags: words,
  }),
  AlertaStatusInput: v.looseObject({ status: v.string(), text, timeout: v.optional(v.number()) }),
  AlertaActionInput: v.looseObject({ action: v.string(), text, timeout: v.optional(v.number()) }),
  AlertaHeartbeat: v.looseObject({ origin: v.string(), tags: words, timeout: v.optional(v.number()) }),
  OpsgenieAlert: v.looseObject({
    message: v.string(),
    alias: text,
    description: text,
    priority: v.optional(v.picklist(["P1", "P2", "P3", "P4", "P5"])),
    tags: words,
    details: v.optional(v.record(v.string(), v.string())),
    entity: text,
    source: text,
  }),
  OpsgenieNote: v.looseObject({ user: text, source: text, note: text }),
};

const took = { took: v.number(), requestId: v.string() };

export const standInOutputs = {
  PagerdutyAnswer: v.object({
    status: v.string(),
    message: v.string(),
    dedup_key: v.exactOptional(v.string()),
  }),
  PagerdutyError: v.union([
    v.object({ status: v.string(), message: v.string(), errors: v.array(v.string()) }),
    ErrorBody,
  ]),
  AlertaConfig: anyObject,
  AlertaTaken: v.object({ status: v.string(), id: v.string(), alert: anyObject }),
  AlertaUnlisted: v.object({ status: v.string(), id: v.string(), message: v.string() }),
  AlertaShown: v.object({ status: v.string(), total: v.number(), alert: anyObject }),
  AlertaDone: v.object({ status: v.string() }),
  AlertaBeat: v.object({ status: v.string(), id: v.string(), heartbeat: anyObject }),
  AlertaBeats: v.object({
    status: v.string(),
    page: v.number(),
    pageSize: v.number(),
    pages: v.number(),
    more: v.boolean(),
    heartbeats: v.array(anyObject),
    total: v.number(),
  }),
  AlertaError: v.union([
    v.object({
      status: v.string(),
      message: v.string(),
      code: v.number(),
      requestId: v.string(),
      errors: v.nullable(v.array(v.string())),
    }),
    ErrorBody,
  ]),
  OpsgenieAccepted: v.object({ result: v.string(), ...took }),
  OpsgenieRequest: v.object({
    data: v.object({
      success: v.boolean(),
      isSuccess: v.boolean(),
      action: v.string(),
      processedAt: v.string(),
      integrationId: v.string(),
      status: v.string(),
      alertId: v.string(),
      alias: v.string(),
    }),
    ...took,
  }),
  OpsgenieError: v.union([
    v.object({
      message: v.string(),
      ...took,
      errors: v.exactOptional(v.record(v.string(), v.string())),
    }),
    ErrorBody,
  ]),
};
