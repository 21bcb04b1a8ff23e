import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "./verb.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Every verb that talks to a server takes these. */
export const connectionFlags = {
  server: { type: "string" },
  token: { type: "string" },
  "token-file": { type: "string" },
} as const;

/** @throws UsageError naming the flag that is unknown or lacks its value */
export function readFlags<const O extends Options>(args: string[], options: O) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [sentence = error.message] = error.message.split(/\. |\n/);
    throw new UsageError(sentence.replace(/^./, (first) => first.toLowerCase()));
  }
}

/** The one positional argument. @throws UsageError */
export function onlyOne(positionals: readonly string[], what: string): string {
  const [value, ...more] = positionals;
  if (value === undefined) throw new UsageError(`${what} is missing`);
  if (more.length > 0) throw new UsageError(`one ${what} at a time`);
  return value;
}
