import * as v from "valibot";
import { describe, expect, it } from "vitest";
import * as draftOf from "../../server/dashboard/state/mapping-draft.ts";
import { Mapping, type MappingInput } from "../../shared/mapping.ts";

const whole: MappingInput = {
  name: "door-control",
  rule: "kind",
  title: "kind",
  severity: { from: "level", table: { "1": "critical", "2": "high" }, otherwise: "low" },
  status: { from: "state", resolved: ["closed", "gone"] },
  identity: ["kind", "door"],
  entities: [
    { type: "host", value: "door" },
    { type: "ip", role: "actor", value: "source.ip" },
  ],
  labels: { site: "$.site.name", rule: "a == 'b'" },
  links: [{ href: "url", text: "Door" }, { href: "other" }],
};

describe("a mapping in the rows of the form", () => {
  it("is the same mapping again", () => {
    let draft: draftOf.Draft = { name: whole.name, rule: whole.rule, title: whole.title };
    draft = draftOf.withSeverity(draft, draftOf.severityParts({ ...whole }));
    draft = draftOf.withStatus(draft, draftOf.statusParts({ ...whole }));
    draft = draftOf.withPart(draft, "identity", draftOf.listIn(draftOf.listLines(whole.identity)));
    draft = draftOf.withPart(draft, "entities", draftOf.entitiesIn(draftOf.entityLines(whole.entities)));
    draft = draftOf.withPart(draft, "labels", draftOf.pairsIn(draftOf.pairLines(whole.labels)));
    draft = draftOf.withPart(draft, "links", draftOf.linksIn(draftOf.linkLines(whole.links), whole.links));
    expect(v.parse(Mapping, draft)).toEqual(v.parse(Mapping, whole));
  });

  it("shows a constant as the expression that gives it", () => {
    expect(draftOf.ruleText({ constant: "it's" })).toBe("'it\\'s'");
    expect(draftOf.ruleText("a.b")).toBe("a.b");
    expect(draftOf.ruleText(7)).toBe("");
  });

  it("has one severity for all when no expression says it", () => {
    expect(draftOf.withSeverity({}, { from: " ", table: "1 = high", otherwise: "info" })).toEqual({
      severity: { constant: "info" },
    });
    expect(draftOf.severityParts({ severity: { constant: "info" } }).otherwise).toBe("info");
  });

  it("leaves out what says nothing", () => {
    expect(draftOf.withPart({ a: 1, match: "x" }, "match", "")).toEqual({ a: 1 });
    expect(draftOf.withPart({ identity: ["x"] }, "identity", [])).toEqual({});
    expect(draftOf.withStatus({ status: {} }, { from: "", resolved: "x" })).toEqual({});
  });

  it("keeps a line that is not finished, for the server to name", () => {
    expect(draftOf.pairsIn("site")).toEqual({ site: "" });
    expect(draftOf.entitiesIn("host")).toEqual([{ type: "host", role: "target", value: "" }]);
    expect(draftOf.entitiesIn("ip actor = a == b")).toEqual([{ type: "ip", role: "actor", value: "a == b" }]);
  });

  it.each(["", "{", "[]", "null", "7"])("%j is no mapping as JSON", (text) => {
    expect(draftOf.draftFrom(text)).toBeNull();
  });

  it("shows whatever stands in a draft without failing", () => {
    for (const odd of [null, 7, "x", [], {}, [[null]], { a: { b: 1 } }]) {
      const texts = [
        draftOf.listLines(odd),
        draftOf.pairLines(odd),
        draftOf.entityLines(odd),
        draftOf.linkLines(odd),
      ];
      expect(texts.every((text) => typeof text === "string")).toBe(true);
      expect(typeof draftOf.severityParts({ severity: odd }).from).toBe("string");
      expect(typeof draftOf.statusParts({ status: odd }).resolved).toBe("string");
    }
  });
});
