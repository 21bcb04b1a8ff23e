import {
  type ConversionConfig,
  type JsonSchema,
  toJsonSchema,
  toJsonSchemaDefs,
} from "@valibot/to-json-schema";
import type * as v from "valibot";
import { Time } from "../../shared/alert.ts";
import { Limit } from "../../shared/queue.ts";
import { components, sides } from "./components.ts";
import { fieldNotes } from "./field-notes.ts";

export type { JsonSchema };

const [, timePattern] = Time.pipe;

// A check or a trim does not change the shape; whatever else has no JSON Schema form stops the conversion.
const config: ConversionConfig = {
  target: "draft-2020-12",
  ignoreActions: ["check", "trim", "to_lower_case"],
  overrideRef: ({ referenceId }) => reference(referenceId),
  overrideAction: ({ valibotAction, jsonSchema }) =>
    valibotAction === timePattern ? { ...jsonSchema, format: "date-time" } : undefined,
};

const reference = (name: string) => `#/components/schemas/${name}`;

/** Every named schema: what requests hold as it is sent, what answers hold as it comes. */
export function namedSchemas(): Record<string, JsonSchema> {
  const converted: Record<string, JsonSchema> = {
    ...toJsonSchemaDefs(sides.input, { ...config, typeMode: "input" }),
    ...toJsonSchemaDefs(sides.output, { ...config, typeMode: "output" }),
  };
  return Object.fromEntries(
    Object.entries(converted)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, schema]) => [name, withNotes(name, schema)]),
  );
}

function withNotes(name: string, schema: JsonSchema): JsonSchema {
  const notes = new Map(Object.entries(fieldNotes[name] ?? {}));
  const fields = Object.entries(schema.properties ?? {}).map(([field, inner]) => {
    const description = notes.get(field);
    return [
      field,
      description !== undefined && typeof inner === "object" ? { ...inner, description } : inner,
    ];
  });
  return schema.properties === undefined ? schema : { ...schema, properties: Object.fromEntries(fields) };
}

/** @throws Error when the schema has no name in the table of components */
export function referenceTo(schema: v.GenericSchema): JsonSchema {
  const name = Object.keys(components).find((one) => components[one] === schema);
  if (name === undefined) throw new Error("a schema of an operation is not among the components");
  return { $ref: reference(name) };
}

/**
 * What a query parameter may hold. The schemas of queries turn text into values: a list is a repeated parameter, a
 * number is its digits, and what becomes an object is described as the text that is sent.
 */
export function parameterSchema(schema: v.GenericSchema): JsonSchema {
  if (schema === Limit) return { type: "integer", minimum: 1, maximum: 200, default: 50 };
  const lenient = { ...config, errorMode: "ignore" } as const;
  const { $schema: _, ...output } = toJsonSchema(schema, { ...lenient, typeMode: "output" });
  if (output.type !== "object") return output;
  const { $schema: __, ...input } = toJsonSchema(schema, { ...lenient, typeMode: "input" });
  return input;
}
