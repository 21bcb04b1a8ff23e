const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openList = 0x5b;
const closeList = 0x5d;
const openMap = 0x7b;
const closeMap = 0x7d;

const space = /[ \t\n\r]*/y;
const word = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** As much of a word as is right, for a fault in its middle. */
const wordStart = /t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?|-/y;
const escaped = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
const escapeStart = /\\(?:u[\da-fA-F]{0,3})?/y;

interface Scan {
  readonly text: string;
  at: number;
  /** What ends each list and object that is open. */
  readonly closers: number[];
  expected: "value" | "name" | "comma";
  /** Whether the innermost may end here: behind a value, and where nothing stands in it yet. */
  mayEnd: boolean;
}

/**
 * Where a text stops being JSON (RFC 8259), in UTF-16 units: its length when it ends too early, null when it is JSON.
 * The parser that is built in says where only sometimes. However deep it is nested, this does not call itself.
 */
export function jsonFault(text: string): number | null {
  const scan: Scan = { text, at: 0, closers: [], expected: "value", mayEnd: false };
  for (;;) {
    scan.at = endOf(space, text, scan.at);
    if (scan.at === text.length) {
      return scan.expected === "comma" && scan.closers.length === 0 ? null : text.length;
    }
    if (!step(scan, text.charCodeAt(scan.at))) return scan.at;
  }
}

/** Takes the next of the text; false leaves `at` at the fault. */
function step(scan: Scan, code: number): boolean {
  if (scan.mayEnd && code === scan.closers.at(-1)) {
    scan.closers.pop();
    return takeOne(scan, "comma");
  }
  if (scan.expected === "value") return takeValue(scan, code);
  if (scan.expected === "name") return takeName(scan, code);
  if (code !== comma || scan.closers.length === 0) return false;
  return takeOne(scan, scan.closers.at(-1) === closeMap ? "name" : "value");
}

function takeOne(scan: Scan, expected: Scan["expected"]): true {
  scan.at += 1;
  scan.expected = expected;
  scan.mayEnd = expected === "comma";
  return true;
}

function takeValue(scan: Scan, code: number): boolean {
  if (code === openList || code === openMap) {
    scan.closers.push(code === openList ? closeList : closeMap);
    takeOne(scan, code === openList ? "value" : "name");
    scan.mayEnd = true;
    return true;
  }
  scan.expected = "comma";
  scan.mayEnd = true;
  return code === quote ? takeString(scan) : takeWord(scan);
}

function takeName(scan: Scan, code: number): boolean {
  if (code !== quote || !takeString(scan)) return false;
  scan.at = endOf(space, scan.text, scan.at);
  return scan.text.charCodeAt(scan.at) === colon && takeOne(scan, "value");
}

function takeWord(scan: Scan): boolean {
  const end = endOf(word, scan.text, scan.at);
  const isWord = end > scan.at;
  scan.at = isWord ? end : endOf(wordStart, scan.text, scan.at);
  return isWord;
}

function takeString(scan: Scan): boolean {
  const { text } = scan;
  scan.at += 1;
  while (scan.at < text.length) {
    const code = text.charCodeAt(scan.at);
    if (code === quote) {
      scan.at += 1;
      return true;
    }
    if (code < 0x20 || (code === backslash && !takeEscape(scan))) return false;
    if (code !== backslash) scan.at += 1;
  }
  return false;
}

function takeEscape(scan: Scan): boolean {
  const end = endOf(escaped, scan.text, scan.at);
  const isEscape = end > scan.at;
  scan.at = isEscape ? end : endOf(escapeStart, scan.text, scan.at);
  return isEscape;
}

/** Behind what the pattern finds at a place; the place itself when that is nothing. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
