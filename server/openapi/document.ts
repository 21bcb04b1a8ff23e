import { namedSchemas, parameterSchema, referenceTo } from "./json-schema.ts";
import type { OpenApi, OperationObject, ParameterObject, SecurityScheme } from "./open-api.ts";
import { type Access, headerNotes, type Operation, type RequestBody, subjects } from "./operation.ts";
import { operations } from "./operations.ts";
import { parameterNames, pathParameters } from "./path-parameters.ts";
import { responsesOf } from "./responses.ts";

const securitySchemes: Record<string, SecurityScheme> = {
  bearer: {
    type: "http",
    scheme: "bearer",
    description: "An API token, or the access token of a paired extension.",
  },
  session: {
    type: "apiKey",
    in: "cookie",
    name: "quietwatch_session",
    description:
      "The dashboard's session, named __Host-quietwatch_session where it is served over https. Writes need an Origin of its own.",
  },
};

/** The OpenAPI 3.1 document of everything in the table of operations. */
export function buildDocument(): OpenApi {
  const paths: OpenApi["paths"] = {};
  for (const operation of operations) {
    const { id, path, method, alias } = operation;
    const described = describe(operation);
    paths[path] = { ...paths[path], [method]: described };
    if (alias !== undefined) {
      const again = { ...described, operationId: alias.id, "x-same-as": id };
      paths[alias.path] = { ...paths[alias.path], [method]: again };
    }
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Quietwatch",
      version: "1.0.0",
      summary: "Alerts in, a short queue out.",
      description:
        "Times are RFC 3339 in UTC, ids are UUIDs of version 7. An error has a code that stays and a message for people.",
    },
    servers: [{ url: "/" }],
    tags: Object.entries(subjects).map(([name, description]) => ({ name, description })),
    paths,
    components: { schemas: namedSchemas(), securitySchemes },
  };
}

function describe(operation: Operation): OperationObject {
  const { id, subject, summary, detail, access, body } = operation;
  return {
    operationId: id,
    tags: [subject],
    summary,
    ...(detail !== undefined && { description: detail }),
    security: securityOf(access),
    parameters: parametersOf(operation),
    ...(body !== undefined && { requestBody: requestBody(body) }),
    responses: responsesOf(operation),
  };
}

function securityOf(access: Access): OperationObject["security"] {
  if (access === "open") return [];
  const roles = access === "known" || access === "person" ? [] : [access];
  return [{ bearer: roles }, { session: roles }];
}

function parametersOf({ path, query, headers = [] }: Operation): ParameterObject[] {
  const inPath = parameterNames(path).map((name): ParameterObject => {
    const known = pathParameters[name];
    if (known === undefined) throw new Error(`the path ${path} has a part that is not described`);
    return { name, in: "path", required: true, ...known };
  });
  const inQuery = Object.entries(query?.entries ?? {}).map(([name, schema]): ParameterObject => {
    if (schema.async) throw new Error(`the query of ${path} cannot be described`);
    return { name, in: "query", required: false, schema: parameterSchema(schema) };
  });
  const inHeaders = headers.map(
    (name): ParameterObject => ({
      name,
      in: "header",
      required: false,
      description: headerNotes[name],
      schema: { type: "string" },
    }),
  );
  return [...inPath, ...inQuery, ...inHeaders];
}

function requestBody({ schema, types = ["application/json"], example, text }: RequestBody) {
  const content = types.map((type) =>
    type === "application/x-ndjson"
      ? ([type, { schema: { type: "string" }, example: `${JSON.stringify(example)}\n` }] as const)
      : ([type, { schema: referenceTo(schema), example }] as const),
  );
  const plain =
    text === undefined ? [] : [["text/plain", { schema: { type: "string" }, example: text }] as const];
  return { required: true as const, content: Object.fromEntries([...content, ...plain]) };
}
