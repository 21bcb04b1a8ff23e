import type * as v from "valibot";

/** Whether two types are the same and not only assignable to each other. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Takes a schema only when what it describes is exactly `T`, so that the two cannot drift apart. */
export function schemaOf<T>() {
  return <Schema extends v.GenericSchema>(
    schema: Schema,
    ..._same: Same<v.InferOutput<Schema>, T> extends true ? [] : [difference: T]
  ): Schema => schema;
}
