import fc from "fast-check";
import { expect, it } from "vitest";
import { firstRefused } from "../../server/services/triage/first-refused.ts";

it("finds the first that is refused, whichever they are, in few attempts", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 200 }), fc.nat(200), async (refused, start) => {
      const first = refused.indexOf(true);
      const good = Math.min(start, first === -1 ? refused.length : first);
      let attempts = 0;
      const found = await firstRefused(
        async (end) => {
          attempts += 1;
          const at = refused.slice(0, end).indexOf(true);
          return at === -1 ? null : `refused at ${at}`;
        },
        good,
        refused.length,
      );
      expect(found).toEqual(first === -1 ? null : { index: first, error: `refused at ${first}` });
      const distance = (first === -1 ? refused.length : first) - good;
      expect(attempts).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(distance + 1)) + 1);
    }),
  );
});
