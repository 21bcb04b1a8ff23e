import { isUtf8 } from "node:buffer";
import type { Format } from "../../shared/alert.ts";
import type { BodyType } from "./decode-body.ts";

const quote = 0x22;
const backslash = 0x5c;
const open = 0x7b;
const close = 0x7d;

/** The fields of a PagerDuty event in which its sender's key stands, and which no event lacks. */
const secretField = "routing_key";
const actionField = "event_action";
const note = JSON.stringify("(a key that Quietwatch did not keep)");

/**
 * The body with the key that senders of PagerDuty events put into it replaced by a note of that, and everything else
 * to the byte as it came. Elsewhere such an event is told by its other field: a queue has routing keys too.
 */
export function withoutCredentials(format: Format | "auto", type: BodyType, body: Buffer): Buffer {
  if (type === "text" || !mayHoldKey(format, body) || !isUtf8(body)) return body;
  const text = body.toString("utf8");
  const isEvent = format === "pagerduty";
  // A line that breaks off must not hide the key of the next.
  if (type === "json") return Buffer.from(replaced(text, isEvent));
  return Buffer.from(
    text
      .split("\n")
      .map((line) => replaced(line, isEvent))
      .join("\n"),
  );
}

function mayHoldKey(format: Format | "auto", body: Buffer): boolean {
  if (format === "pagerduty") return true;
  return (format === "auto" || format === "cloudevents") && body.includes(secretField);
}

function replaced(text: string, isEvent: boolean): string {
  const kept: string[] = [];
  let from = 0;
  for (const [start, end] of secretValues(text, isEvent)) {
    kept.push(text.slice(from, start), note);
    from = end;
  }
  return kept.join("") + text.slice(from);
}

type Span = readonly [start: number, end: number];

/** What was seen of one object so far. */
interface OpenObject {
  keys: Span[];
  isEvent: boolean;
}

/** Where those values stand, quotes included, in their order: in records that are events, and in events inside. */
function secretValues(text: string, isEvent: boolean): Span[] {
  const found: Span[] = [];
  const objects: OpenObject[] = [];
  const leave = () => {
    const left = objects.pop();
    // No spread: a sender may repeat the field a million times.
    if (left?.isEvent) for (const key of left.keys) found.push(key);
  };
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === open) objects.push({ keys: [], isEvent: isEvent && objects.length === 0 });
    else if (code === close) leave();
    if (code !== quote) continue;
    const end = endOfString(text, i);
    const value = valueAfter(text, end);
    if (value !== -1) i = see(text, objects.at(-1), text.slice(i, end), value) - 1;
    else i = end - 1;
  }
  while (objects.length > 0) leave();
  return found.sort(([one], [other]) => one - other);
}

/** Takes a name and, where it is text, its value; gives where to go on. */
function see(text: string, object: OpenObject | undefined, quoted: string, value: number): number {
  const name = nameOf(quoted);
  if (object !== undefined && name === actionField) object.isEvent = true;
  if (text.charCodeAt(value) !== quote) return value;
  const end = endOfString(text, value);
  if (name === secretField) object?.keys.push([value, end]);
  return end;
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
