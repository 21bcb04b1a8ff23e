import { RE2JS } from "re2js";
import { silenceLimits } from "../../shared/silence.ts";

/** Steps a text is held against at the most, one state each; keeps the longest label within milliseconds. */
const mostStates = 1_000;

export type Pattern =
  | { matches(value: string): boolean; problem?: never }
  | { problem: string; matches?: never };

/**
 * A regular expression in RE2's syntax, as Alertmanager takes it: matched against the whole value, in time linear to
 * its length.
 */
export function compilePattern(text: string): Pattern {
  if (text.length > silenceLimits.pattern) {
    return { problem: `a regular expression may have at most ${silenceLimits.pattern} characters` };
  }
  try {
    const compiled = RE2JS.compile(text);
    if (compiled.programSize() > mostStates) {
      return { problem: "the regular expression repeats too much; write it shorter" };
    }
    return { matches: (value) => compiled.testExact(value) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
