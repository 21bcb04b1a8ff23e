import type { SilenceMatcher } from "../../shared/silence.ts";
import { InvalidError } from "../errors.ts";

const form = /^\s*("(?:[^"\\]|\\.)*"|[a-zA-Z_:][\w:]*)\s*(=~|!=|!~|=)\s*([\s\S]*?)\s*$/;

/**
 * One matcher as Alertmanager writes it: `name="value"`, `!=`, `=~`, `!~`; the quotes may be left out, the name may
 * have some. In quotes `\"`, `\\` and `\n` stand for a quote, a backslash and a line feed.
 * @throws InvalidError
 */
export function parseMatcher(text: string): SilenceMatcher {
  const [, name, operator = "", value = ""] = form.exec(text) ?? [];
  if (name === undefined) throw new InvalidError(`bad matcher format: ${text.slice(0, 256)}`);
  return {
    name: name.startsWith('"') ? unquote(name) : name,
    value: unquote(value),
    isRegex: operator.endsWith("~"),
    isEqual: operator.startsWith("="),
  };
}

/** A backslash before anything else is one. */
function unquote(raw: string): string {
  const isQuoted = raw.startsWith('"');
  const text = isQuoted ? raw.slice(1, -1) : raw;
  const isClosed = !isQuoted || (raw.length > 1 && /(?:^|[^\\])(?:\\\\)*"$/.test(raw.slice(1)));
  if (!isClosed || /(?:^|[^\\])(?:\\\\)*"/.test(text)) {
    throw new InvalidError(`matcher value contains unescaped double quote: ${raw.slice(0, 256)}`);
  }
  return text.replace(/\\([\s\S])/g, (pair, next: string) => {
    if (next === "n") return "\n";
    return next === '"' || next === "\\" ? next : pair;
  });
}
