import { limits } from "../../shared/alert.ts";
import type { FailureCode } from "../../shared/failure.ts";
import { isRecord, type JsonRecord } from "./text-field.ts";

/** What is wrong with one string or level of a JSON value, and where. */
export interface Oddity {
  code: Extract<FailureCode, "nul_character" | "lone_surrogate" | "nested_too_deep">;
  path: string[];
}

const said: Record<Oddity["code"], string> = {
  nul_character: "a NUL character is not allowed",
  lone_surrogate: "half of a surrogate pair is not allowed",
  nested_too_deep: `at most ${limits.nesting} levels of nesting`,
};

function oddityOfText(text: string): Oddity | undefined {
  if (text.includes("\0")) return { code: "nul_character", path: [] };
  return text.isWellFormed() ? undefined : { code: "lone_surrogate", path: [] };
}

function within(name: string | number, oddity: Oddity): Oddity {
  oddity.path.unshift(String(name));
  return oddity;
}

function oddityOfList(list: readonly unknown[], textIsClean: boolean, level: number): Oddity | undefined {
  for (let index = 0; index < list.length; index++) {
    const oddity = oddityOf(list[index], textIsClean, level);
    if (oddity) return within(index, oddity);
  }
  return undefined;
}

function oddityOfMap(map: JsonRecord, textIsClean: boolean, level: number): Oddity | undefined {
  for (const name in map) {
    const oddity = (textIsClean ? undefined : oddityOfText(name)) ?? oddityOf(map[name], textIsClean, level);
    if (oddity) return within(name, oddity);
  }
  return undefined;
}

function oddityOf(value: unknown, textIsClean: boolean, level: number): Oddity | undefined {
  if (typeof value === "string") return textIsClean ? undefined : oddityOfText(value);
  if (typeof value !== "object" || value === null) return undefined;
  if (level > limits.nesting) return { code: "nested_too_deep", path: [] };
  if (Array.isArray(value)) return oddityOfList(value, textIsClean, level + 1);
  return isRecord(value) ? oddityOfMap(value, textIsClean, level + 1) : undefined;
}

/**
 * The first NUL, lone surrogate or level too many in a JSON value, keys included. The value itself is level 1.
 * `textIsClean` skips the look at strings when the caller knows from the body that none can be odd.
 */
export function findOddity(value: unknown, textIsClean = false): Oddity | undefined {
  return oddityOf(value, textIsClean, 1);
}

/** False when parsing this JSON text could yield a NUL or a lone surrogate: both need an escape to get there. */
export function textIsClean(json: string): boolean {
  return !/\\u(?:0000|[dD][89a-fA-F])/.test(json);
}

/** Text that every store and screen can hold: a NUL shows as ␀ and half a surrogate pair as �, at the same length. */
export function storableText(text: string): string {
  return text.replaceAll("\0", "\u2400").toWellFormed();
}

/** A field's path as a person reads it, itself free of what was wrong with it, at most 120 characters. */
export function namePath(path: readonly string[]): string {
  const name = storableText(path.join("."));
  return name.length > 120 ? `${name.slice(0, 119).toWellFormed()}…` : name || "alert";
}

export function sayOddity(oddity: Oddity): string {
  const path = oddity.code === "nested_too_deep" ? oddity.path.slice(0, 3) : oddity.path;
  return `${namePath(path)}: ${said[oddity.code]}`;
}
