import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutJson } from "../../server/cli/cut-json.ts";

async function* inPieces(bytes: Buffer, cuts: number[]): AsyncGenerator<Buffer> {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const to of [...places, bytes.length]) {
    yield bytes.subarray(from, to);
    from = to;
  }
}

async function cut(text: string | Buffer, cuts: number[] = []) {
  const { isArray, pieces } = await cutJson(inPieces(Buffer.from(text), cuts));
  const found: { line: number; text: string | null }[] = [];
  for await (const { line, text: one } of pieces) found.push({ line, text: one });
  return { isArray, found };
}

const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1, maxLength: 8 });
const cuts = fc.array(fc.nat(), { maxLength: 12 });

describe("cutting JSON", () => {
  it("an array gives its elements however it is written and wherever it is cut", async () => {
    await fc.assert(
      fc.asyncProperty(objects, cuts, fc.constantFrom(undefined, 2), async (values, places, indent) => {
        const { isArray, found } = await cut(` \n${JSON.stringify(values, null, indent)}\n`, places);
        expect(isArray).toBe(true);
        expect(found.map(({ text }) => JSON.parse(text ?? ""))).toEqual(JSON.parse(JSON.stringify(values)));
        expect(found.map(({ line }) => line)).toEqual(values.map((_, i) => i));
      }),
    );
  });

  it("lines give themselves, wherever they are cut", async () => {
    await fc.assert(
      fc.asyncProperty(objects, cuts, fc.constantFrom("\n", "\r\n", "\n\n"), async (values, places, end) => {
        const lines = values.map((value) => JSON.stringify(value));
        const { isArray, found } = await cut(lines.join(end), places);
        expect(isArray).toBe(false);
        expect(found.map(({ text }) => text)).toEqual(lines);
      }),
    );
  });

  it("elements are as they are written, so that no number is lost", async () => {
    const { found } = await cut('[ {"n": 1.10e400} , 12345678901234567890,[1, 2] ]');
    expect(found.map(({ text }) => text?.trim())).toEqual([
      '{"n": 1.10e400}',
      "12345678901234567890",
      "[1, 2]",
    ]);
  });

  it.each([
    ["an object over several lines is one record", '{\n "a": [1,\n 2]\n}\n', ['{\n "a": [1,\n 2]\n}\n']],
    ["a damaged first line is a record of its own", '{"a":\n{"b":1}\n', ['{"a":', '{"b":1}']],
    ["arrays that follow each other are one", "[1]\n[2,3]", ["1", "2", "3"]],
    ["an empty array has none", "[ ]", []],
    ["nothing has none", "", []],
  ])("%s", async (_what, text, expected) => {
    expect((await cut(text)).found.map((piece) => piece.text)).toEqual(expected);
  });

  it.each([
    ["an array that ends in the middle", '[{"a":1},{"b"'],
    ["a line that is not UTF-8", Buffer.from('[{"a":1},\xff]', "latin1")],
  ])("%s is told apart from what was whole", async (_what, text) => {
    expect((await cut(text)).found.map((piece) => piece.text)).toEqual(['{"a":1}', null]);
  });
});
