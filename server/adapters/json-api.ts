import { asList } from "./as-list.ts";
import { fieldAt, isRecord, type JsonRecord, textAt } from "./text-field.ts";

/** A resource of JSON:API: `{type, id, attributes, relationships}`. */
export function isResource(value: unknown, type: string): value is JsonRecord {
  return isRecord(value) && value.type === type && isRecord(value.attributes);
}

/** What a relationship points to, whole where the sender put it there, else from the document's `included`. */
export function relatedTo(resource: unknown, name: string, document: unknown): unknown {
  const [found] = asList(fieldAt(resource, `relationships.${name}.data`));
  if (found === undefined || isRecord(fieldAt(found, "attributes"))) return found;
  const included = asList(fieldAt(document, "included"));
  const isIt = (one: unknown) =>
    textAt(one, "id") === textAt(found, "id") && textAt(one, "type") === textAt(found, "type");
  return included.find(isIt) ?? found;
}
