import { describe, expect, it } from "vitest";
import {
  filtersFrom,
  inTab,
  narrowing,
  noFilters,
  queryOf,
  serverQuery,
  tabOf,
} from "../../server/dashboard/state/filters.ts";

describe("filters in the address", () => {
  it("come back as they went", () => {
    const search =
      "environment=production&environment=staging&severity=high&band=P1&entity=host%3Aweb-03&q=two+words";
    expect(queryOf(filtersFrom(`?${search}`)).toString()).toBe(search);
  });

  it("leave out what is not known", () => {
    expect(filtersFrom("?severity=terrible&band=P9&status=open&hidden=include&environment=")).toEqual(
      noFilters,
    );
  });

  it.each([
    ["", "need"],
    ["?band=P1", "need"],
    ["?band=P4", "digest"],
    ["?band=P4&band=P5", "digest"],
    ["?band=P3&band=P4", "need"],
    ["?hidden=only", "hidden"],
    ["?hidden=only&band=P4", "hidden"],
    ["?status=resolved", "resolved"],
    ["?status=snoozed", "snoozed"],
  ])("%s is the tab %s", (search, tab) => {
    expect(tabOf(filtersFrom(search))).toBe(tab);
  });

  it("keep environment and search when the tab changes, and drop the band", () => {
    const moved = inTab(filtersFrom("?environment=staging&band=P1&q=scan"), "hidden");
    expect(queryOf(moved).toString()).toBe("environment=staging&hidden=only&q=scan");
  });

  it("count what narrows a list, and the digest's own band is not a narrowing", () => {
    expect(narrowing(filtersFrom("?band=P4"))).toBe(0);
    expect(narrowing(filtersFrom("?band=P1&environment=a&environment=b&q=%20"))).toBe(3);
  });
});

describe("the query for the server", () => {
  it("says P1 to P3 for what needs a person", () => {
    expect(serverQuery(noFilters).getAll("band")).toEqual(["P1", "P2", "P3"]);
  });

  it("asks for every band of what is hidden, because hidden items are often P4 and P5", () => {
    const query = serverQuery({ ...noFilters, hidden: true });
    expect(query.getAll("band")).toEqual(["P1", "P2", "P3", "P4", "P5"]);
    expect(query.get("hidden")).toBe("only");
  });

  it("includes hidden items among the resolved ones", () => {
    expect(serverQuery({ ...noFilters, status: "resolved" }).get("hidden")).toBe("include");
  });
});
