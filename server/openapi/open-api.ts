import type { JsonSchema } from "./json-schema.ts";

/** What we use of OpenAPI 3.1. */
export interface OpenApi {
  openapi: "3.1.0";
  info: { title: string; version: string; summary: string; description: string };
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, OperationObject>>;
  components: { schemas: Record<string, JsonSchema>; securitySchemes: Record<string, SecurityScheme> };
}

export interface OperationObject {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  /** The id of the call that this one is another address of. */
  "x-same-as"?: string;
  security: Record<string, string[]>[];
  parameters: ParameterObject[];
  requestBody?: { required: true; content: Record<string, MediaType> };
  responses: Record<string, ResponseObject>;
}

export interface ParameterObject {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  description?: string;
  schema: JsonSchema;
  example?: string;
}

export interface MediaType {
  schema: JsonSchema;
  example?: unknown;
}

export interface ResponseObject {
  description: string;
  content?: Record<string, MediaType>;
}

export interface SecurityScheme {
  type: "http" | "apiKey";
  description: string;
  scheme?: string;
  in?: "cookie";
  name?: string;
}
