import { html } from "hono/html";
import type { JsonSchema } from "./json-schema.ts";

/** Markup in which every text was escaped when it was put in. */
export type Markup = ReturnType<typeof html>;

const words: Readonly<Record<string, string>> = {
  string: "text",
  boolean: "true or false",
  integer: "whole number",
  number: "number",
  null: "null",
  object: "object",
};

/** What a value is, in a line. */
export function kindOf(schema: JsonSchema): Markup {
  if (schema.$ref !== undefined) return linkTo(schema.$ref);
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum !== undefined) return joined(schema.enum.map((one) => html`<code>${String(one)}</code>`));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices?.every(isInlineObject)) return html`object in one of ${choices.length} forms`;
  if (choices !== undefined) return joined(choices.map((one) => kindOf(shaped(one))));
  if (schema.type === "array") return html`list${limitsOf(schema)} of ${kindOf(elementOf(schema))}`;
  if (schema.format === "date-time") return html`time`;
  if (schema.format === "uuid") return html`id`;
  if (typeof schema.type !== "string") return html`any JSON`;
  return html`${words[schema.type]}${limitsOf(schema)}${patternOf(schema)}`;
}

/** The fields of an object, of the objects in a list, or of each choice, as lists in lists. */
export function fieldsOf(schema: JsonSchema): Markup {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return html`${choices.map((one) => fieldsOf(shaped(one)))}`;
  if (schema.type === "array") return fieldsOf(elementOf(schema));
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) return html``;
  const isRequired = (name: string) => schema.required?.includes(name) === true;
  return html`<ul class="fields">
    ${fields.map(([name, field]) => fieldLine(name, shaped(field), isRequired(name)))}
  </ul>`;
}

function fieldLine(name: string, schema: JsonSchema, required: boolean): Markup {
  return html`<li>
    <code class="name">${name}</code> <span class="kind">${kindOf(schema)}</span>
    ${required ? html`<span class="must">required</span>` : ""}
    ${schema.default === undefined ? "" : html`<span class="kind">default <code>${JSON.stringify(schema.default)}</code></span>`}
    ${schema.description === undefined ? "" : html`<p>${schema.description}</p>`} ${fieldsOf(schema)}
  </li>`;
}

function linkTo(reference: string): Markup {
  const name = reference.slice(reference.lastIndexOf("/") + 1);
  return html`<a href="#schema-${name}">${name}</a>`;
}

function joined(parts: Markup[]): Markup {
  return html`${parts.map((part, i) => (i === 0 ? part : html` or ${part}`))}`;
}

function limitsOf(schema: JsonSchema): string {
  const { minLength, maxLength, minItems, maxItems, minimum, maximum } = schema;
  const least = minLength ?? minItems ?? minimum;
  const most = maxLength ?? maxItems ?? maximum;
  const unit = minLength === undefined && maxLength === undefined ? "" : " characters";
  if (most === undefined) return least === undefined ? "" : ` (at least ${least}${unit})`;
  return least === undefined ? ` (at most ${most}${unit})` : ` (${least} to ${most}${unit})`;
}

function patternOf({ pattern }: JsonSchema): Markup | string {
  return pattern === undefined ? "" : html` like <code>${pattern}</code>`;
}

function elementOf({ items }: JsonSchema): JsonSchema {
  return Array.isArray(items) ? {} : shaped(items);
}

function isInlineObject(schema: JsonSchema | boolean): boolean {
  return shaped(schema).type === "object";
}

/** `true` and what is left out stand for anything. */
function shaped(schema: JsonSchema | boolean | undefined): JsonSchema {
  return typeof schema === "object" ? schema : {};
}
