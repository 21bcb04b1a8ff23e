import { entityTypes, formats } from "../../shared/alert.ts";
import type { JsonSchema } from "./json-schema.ts";

export const exampleId = "0195c1a2-7b3c-7d4e-8f50-9a6b7c8d9e0f";

interface PathParameter {
  schema: JsonSchema;
  description: string;
  example: string;
}

/** Every `{name}` that a path may have. */
export const pathParameters: Readonly<Record<string, PathParameter>> = {
  id: {
    schema: { type: "string", format: "uuid" },
    description: "An id as it was answered.",
    example: exampleId,
  },
  format: {
    schema: { type: "string", enum: [...formats] },
    description: "Name of the format.",
    example: "suricata",
  },
  type: {
    schema: { type: "string", enum: [...entityTypes] },
    description: "Type of the entity.",
    example: "ip",
  },
  value: {
    schema: { type: "string", maxLength: 1_024 },
    description: "Value of the entity, percent-encoded.",
    example: "203.0.113.7",
  },
  token: {
    schema: { type: "string" },
    description: "An API token whose one scope is alerts:write.",
    example: "qw_api_example",
  },
  detector: {
    schema: { type: "string", maxLength: 128 },
    description: "Name of the detector, as it calls itself.",
    example: "nightly-backup",
  },
  name: {
    schema: { type: "string", maxLength: 128 },
    description: "Name of the heartbeat, which is that of the detector.",
    example: "nightly-backup",
  },
  identifier: {
    schema: { type: "string", maxLength: 512 },
    description: "An id or an alias, as identifierType says.",
    example: "payments%2Flatency",
  },
  version: {
    schema: { type: "integer", minimum: 1 },
    description: "Number of a version.",
    example: "1",
  },
  userCode: {
    schema: { type: "string" },
    description: "The code that the extension shows.",
    example: "BCDF-GHJK",
  },
};

/** Names of the parts of a path that are filled in, in their order. */
export function parameterNames(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
}
