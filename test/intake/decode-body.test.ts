import * as zlib from "node:zlib";
import { describe, expect, test } from "vitest";
import { bodyText, bodyType, unpackBody } from "../../server/intake/decode-body.ts";
import { limits } from "../../shared/alert.ts";

const { deflateSync, gzipSync } = zlib;
const body = Buffer.from('{"a":"é"}');

describe("unpacking", () => {
  test.each([null, "", "identity", " Identity "])("of %j leaves the bytes alone", async (coding) => {
    expect(await unpackBody(body, coding)).toEqual(body);
  });

  test.each(["gzip", "x-gzip", " GZIP "])("of %j gives what was packed", async (coding) => {
    expect(await unpackBody(gzipSync(body), coding)).toEqual(body);
  });

  test("of zstd follows what this Node can do", async () => {
    const pack: unknown = Reflect.get(zlib, "zstdCompressSync");
    const packed: Buffer | null = typeof pack === "function" ? pack(body) : null;
    const answer = unpackBody(packed ?? body, "zstd");
    if (packed === null)
      await expect(answer).rejects.toMatchObject({ code: "unsupported_type", status: 415 });
    else expect(await answer).toEqual(body);
  });

  test("takes what was packed in several parts", async () => {
    expect(await unpackBody(Buffer.concat([gzipSync("ab"), gzipSync("cd")]), "gzip")).toEqual(
      Buffer.from("abcd"),
    );
  });

  test.each(["br", "deflate", "gzip, gzip", "*"])("of %j is not taken", async (coding) => {
    await expect(unpackBody(gzipSync(body), coding)).rejects.toMatchObject({
      code: "unsupported_type",
      status: 415,
      message: expect.stringContaining("gzip is"),
    });
  });

  test.each([
    ["nothing", Buffer.alloc(0)],
    ["plain text", body],
    ["a part of it", gzipSync(body).subarray(0, 20)],
    ["another packing", deflateSync(body)],
    ["a wrong checksum", Buffer.concat([gzipSync(body).subarray(0, -8), Buffer.alloc(8)])],
  ])("of %s is unreadable", async (_, packed) => {
    await expect(unpackBody(packed, "gzip")).rejects.toMatchObject({ code: "unreadable", status: 400 });
  });

  test("stops at the limit, however small a bomb is packed", async () => {
    const exactly = gzipSync(Buffer.alloc(limits.bodyBytes, " "));
    expect(await unpackBody(exactly, "gzip")).toHaveLength(limits.bodyBytes);
    const bomb = gzipSync(Buffer.alloc(20 * limits.bodyBytes));
    expect(bomb.length).toBeLessThan(limits.bodyBytes / 10);
    for (const packed of [bomb, gzipSync(Buffer.alloc(limits.bodyBytes + 1))]) {
      await expect(unpackBody(packed, "gzip")).rejects.toMatchObject({ code: "too_large", status: 413 });
    }
  });

  test("of plain bytes has the same limit", async () => {
    expect(await unpackBody(Buffer.alloc(limits.bodyBytes), null)).toHaveLength(limits.bodyBytes);
    await expect(unpackBody(Buffer.alloc(limits.bodyBytes + 1), null)).rejects.toMatchObject({
      code: "too_large",
    });
  });
});

describe("the content type", () => {
  test.each([
    [null, "json", "json"],
    ["application/json", "json", "json"],
    ["application/json; charset=utf-8", "json", "json"],
    ["Application/JSON", "json", "json"],
    ["application/cloudevents+json", "json", "json"],
    ["application/x-ndjson", "ndjson", "ndjson"],
    ["application/ndjson;charset=UTF-8", "ndjson", "ndjson"],
    ["application/jsonl", "ndjson", "ndjson"],
    ["text/plain", "json", "text"],
    ["application/x-www-form-urlencoded", "json", "text"],
  ])("%j is %s, and %s where lines are taken", (type, otherwise, whereTextIsTaken) => {
    expect(bodyType(type, false)).toBe(otherwise);
    expect(bodyType(type, true)).toBe(whereTextIsTaken);
  });

  test.each(["application/xml", "multipart/form-data", "text/html", "json"])("%j is not taken", (type) => {
    expect(() => bodyType(type, true)).toThrow(`the content type ${type} is not taken`);
  });
});

test("a byte order mark is no part of the text", () => {
  expect(bodyText(Buffer.from("\ufeffa\ufeff"))).toBe("a\ufeff");
  expect(bodyText(Buffer.alloc(0))).toBe("");
});
