import { isUtf8 } from "node:buffer";
import type { Format } from "../../shared/alert.ts";
import type { BodyType } from "./decode-body.ts";

const quote = 0x22;
const backslash = 0x5c;
const open = 0x7b;
const close = 0x7d;

/** The field of a PagerDuty event in which its sender's key stands. */
const secretField = "routing_key";
const note = JSON.stringify("(a key that Quietwatch did not keep)");

/**
 * The body with the key that senders of PagerDuty events put into it replaced by a note of that, and everything else
 * to the byte as it came. Where the format is to be found out, what looks like such an event is one.
 */
export function withoutCredentials(format: Format | "auto", type: BodyType, body: Buffer): Buffer {
  if (type === "text" || !mayHoldKey(format, body) || !isUtf8(body)) return body;
  const text = body.toString("utf8");
  // A line that breaks off must not hide the key of the next.
  if (type === "json") return Buffer.from(replaced(text));
  return Buffer.from(text.split("\n").map(replaced).join("\n"));
}

function mayHoldKey(format: Format | "auto", body: Buffer): boolean {
  if (format === "pagerduty") return true;
  return format === "auto" && body.includes(secretField) && body.includes("event_action");
}

function replaced(text: string): string {
  const kept: string[] = [];
  let from = 0;
  for (const [start, end] of secretValues(text)) {
    kept.push(text.slice(from, start), note);
    from = end;
  }
  return kept.join("") + text.slice(from);
}

/** Where those values stand, quotes included: in the records themselves, not in objects inside them. */
function* secretValues(text: string): Generator<[number, number]> {
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === open) depth += 1;
    else if (code === close) depth -= 1;
    if (code !== quote) continue;
    const end = endOfString(text, i);
    const value = valueAfter(text, end);
    const isSecret =
      depth === 1 && text.charCodeAt(value) === quote && nameOf(text.slice(i, end)) === secretField;
    i = end - 1;
    if (!isSecret) continue;
    i = endOfString(text, value) - 1;
    yield [value, i + 1];
  }
}

/** Behind the closing quote. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === backslash) i += 1;
    else if (code === quote) return i + 1;
  }
  return text.length;
}

/** Where the value of a name begins; -1 when what ended here is no name. */
function valueAfter(text: string, end: number): number {
  const colon = /[ \t\r\n]*:[ \t\r\n]*/y;
  colon.lastIndex = end;
  return colon.test(text) ? colon.lastIndex : -1;
}

/** An escape may spell a name otherwise. */
function nameOf(quoted: string): unknown {
  if (!quoted.includes("\\")) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted);
  } catch {
    return null;
  }
}
