import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { parse, YAMLParseError } from "yaml";
import { Policy } from "../../shared/policy.ts";
import { CliError } from "./verb.ts";

/** A policy from a YAML or JSON file. @throws CliError naming each wrong path and why */
export async function readPolicy(file: string): Promise<Policy> {
  const result = v.safeParse(Policy, parseYaml(file, await readText(file)));
  if (result.success) return result.output;
  const issues = result.issues.map((issue) => `${v.getDotPath(issue) ?? "the document"}: ${issue.message}`);
  throw new CliError(`${file} is no policy: ${issues.join("; ")}`);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch {
    throw new CliError(`${file} cannot be read`);
  }
}

/** JSON is YAML too. */
function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof YAMLParseError || error instanceof ReferenceError)) throw error;
    const [why = ""] = error.message.split("\n");
    throw new CliError(`${file} is neither YAML nor JSON: ${why.replace(/:$/, "")}`);
  }
}
