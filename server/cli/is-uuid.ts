import * as v from "valibot";

const Id = v.pipe(v.string(), v.uuid());

/** Looked at before an id goes into the path of a request. */
export function isUuid(text: string): boolean {
  return v.is(Id, text);
}
