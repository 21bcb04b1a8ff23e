import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Store } from "../../server/db/client.ts";
import { describeFailure, isCommitExcluded, isRefusal, isStoreFailure } from "../../server/db/failures.ts";
import { fatalMessage } from "../../server/db/fatal-message.ts";
import { openTestStore } from "../support/store.ts";

let store: Store;

beforeAll(async () => {
  store = await openTestStore();
});

afterAll(() => store.close());

/** What the database says when it raises this, as the driver and the library around it give it. */
async function raised(code: string, message = "no"): Promise<unknown> {
  const statement = sql.raw(
    `do $$ begin raise exception using errcode = '${code}', message = '${message}'; end $$`,
  );
  return store.db.execute(statement).then(
    () => null,
    (error: unknown) => error,
  );
}

describe("an error of the store", () => {
  it.each([
    ["53100", "has no space left on its disk"],
    ["53300", "has no connection free"],
    ["25006", "takes no writes"],
    ["57P03", "is starting"],
    ["57P01", "is stopping"],
    ["58030", "has trouble with its disk"],
    ["08006", "does not answer"],
  ])("%s says that it %s, and that nothing was committed", async (code, words) => {
    const error = await raised(code);
    expect(isStoreFailure(error)).toBe(true);
    expect(isRefusal(error)).toBe(false);
    expect(describeFailure(error)).toBe(words);
    expect(isCommitExcluded(error)).toBe(true);
  });

  it.each(["22001", "23505", "54000", "P0001"])("%s is about what was to be stored", async (code) => {
    const error = await raised(code);
    expect([isStoreFailure(error), isRefusal(error)]).toEqual([false, true]);
  });

  it("of a file is told apart from a fault of ours, which has the same code", async () => {
    const file = await raised("XX000", 'could not extend file "base/5/1": File too large');
    expect([isStoreFailure(file), isRefusal(file)]).toEqual([true, false]);
    expect(describeFailure(file)).toBe('says: could not extend file "base/5/1": File too large');
    const other = await raised("XX000", "cache lookup failed");
    expect([isStoreFailure(other), isRefusal(other)]).toEqual([false, false]);
  });

  it("that is none: a call over HTTP that found nobody", async () => {
    const error = await fetch("http://127.0.0.1:1/").catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(TypeError);
    expect(isStoreFailure(error)).toBe(false);
  });

  it("leaves the commit open when the connection ends with the statement under way", () => {
    expect(isCommitExcluded(new Error("Connection terminated unexpectedly"))).toBe(false);
    expect(isCommitExcluded(Object.assign(new Error("connect"), { code: "ECONNREFUSED" }))).toBe(true);
  });
});

describe("the answer of the embedded database", () => {
  const message = (letter: string, body: string) => {
    const bytes = Buffer.from(`${letter}0000${body}`);
    bytes.writeUInt32BE(bytes.length - 1, 1);
    return bytes;
  };
  const error = (severity: string) =>
    message("E", `S${severity}\0V${severity}\0C53100\0Mcould not write\0\0`);

  it("shows that it gave up, wherever that stands", () => {
    const complete = message("1", "");
    for (const severity of ["PANIC", "FATAL"])
      expect(fatalMessage(Buffer.concat([complete, error(severity)]))).toBe("could not write");
  });

  it("shows nothing of the kind for an error, a row or nothing", () => {
    expect(fatalMessage(error("ERROR"))).toBeNull();
    expect(fatalMessage(message("D", "VPANIC\0Mnot an error\0"))).toBeNull();
    expect(fatalMessage(new Uint8Array())).toBeNull();
  });
});
