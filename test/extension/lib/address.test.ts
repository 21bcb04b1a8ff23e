import { describe, expect, it } from "vitest";
import { AddressError, normaliseAddress } from "../../../extension/lib/address.ts";

describe("the address of a server", () => {
  it.each([
    ["quietwatch.example.com", "https://quietwatch.example.com", "https://quietwatch.example.com/*"],
    [
      "  https://Quietwatch.Example.com/queue?x=1#y ",
      "https://quietwatch.example.com",
      "https://quietwatch.example.com/*",
    ],
    [
      "quietwatch.example.com:8443",
      "https://quietwatch.example.com:8443",
      "https://quietwatch.example.com/*",
    ],
    ["localhost:8787", "http://localhost:8787", "http://localhost/*"],
    ["127.0.0.1:8787", "http://127.0.0.1:8787", "http://127.0.0.1/*"],
    ["http://[::1]:8787", "http://[::1]:8787", "http://[::1]/*"],
  ])("%s is %s, asked for as %s", (text, origin, pattern) => {
    expect(normaliseAddress(text)).toEqual({ origin, pattern, isPrivate: true });
  });

  it.each(["http://192.0.2.7:8787", "http://127.0.0.1.example.com", "http://localhost.example.com"])(
    "%s would send everything in the clear",
    (text) => {
      expect(normaliseAddress(text).isPrivate).toBe(false);
    },
  );

  it.each([
    "",
    "   ",
    "https://",
    "ftp://a.example.com",
    "javascript://a",
    "https://robin:pw@a.example.com",
    "a b",
  ])("%j is refused", (text) => {
    expect(() => normaliseAddress(text)).toThrow(AddressError);
  });
});
