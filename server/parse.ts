import * as v from "valibot";
import type { Issue } from "../shared/failure.ts";
import { InvalidError } from "./errors.ts";

/** @throws InvalidError with one issue for each wrong field */
export function parse<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const issues = result.issues.map(
    (issue): Issue => ({ path: v.getDotPath(issue) ?? "", message: issue.message }),
  );
  const [first] = issues;
  const where = first?.path ? `${first.path}: ` : "";
  throw new InvalidError(`${where}${first?.message ?? "invalid"}`, issues);
}
