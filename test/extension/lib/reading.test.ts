import { describe, expect, it } from "vitest";
import { arrange, nextCurrent } from "../../../extension/lib/arrange.ts";
import { badgeFace } from "../../../extension/lib/badge-face.ts";
import { describeChange } from "../../../extension/lib/describe-change.ts";
import { headline, keptAway } from "../../../extension/lib/headline.ts";
import { prettyJson } from "../../../extension/lib/pretty-json.ts";
import { placeParts } from "../../../extension/lib/row-text.ts";
import { showControls, titleText } from "../../../extension/lib/show-controls.ts";
import type { LinkState } from "../../../extension/lib/storage.ts";
import { tomorrowMorning } from "../../../extension/lib/tomorrow.ts";
import { matchesWords } from "../../../extension/lib/views.ts";
import { webAddress } from "../../../extension/lib/web-address.ts";
import { topReason } from "../../../shared/ui/top-reason.ts";
import { itemOf } from "../fixtures.ts";

const link = (state: LinkState["state"]): LinkState => ({ state, since: 0, because: null });
const counts = { P1: 1, P2: 0, P3: 0, P4: 12, P5: 0, hidden: 9_412 };

describe("the list under the reader", () => {
  it("keeps its order when the ranking moves, and holds back what is new", () => {
    expect(arrange(["a", "b"], ["new", "b", "a"])).toEqual({ rows: ["a", "b"], fresh: ["new"] });
  });

  it("closes up behind what left and gives an undone row its old place", () => {
    expect(arrange(["a", "b", "c"], ["a", "c"]).rows).toEqual(["a", "c"]);
    expect(arrange(["a", "b", "c"], ["c", "b", "a"]).rows).toEqual(["a", "b", "c"]);
  });

  it("shows at once what comes into an empty list", () => {
    expect(arrange(["gone"], ["new"])).toEqual({ rows: ["new"], fresh: [] });
  });

  it("stands on the row that moved up, or on the last one", () => {
    expect(nextCurrent(["a", "b", "c"], ["a", "c"], "b")).toBe("c");
    expect(nextCurrent(["a", "b"], ["a"], "b")).toBe("a");
    expect(nextCurrent([], ["a", "b"], null)).toBe("a");
    expect(nextCurrent(["a"], [], "a")).toBeNull();
  });
});

describe("the badge", () => {
  it("shows how many need a person, in the colour of the worst", () => {
    const face = badgeFace(link("live"), [itemOf({ band: "P2" }), itemOf({ status: "acknowledged" })]);
    expect(face).toMatchObject({ text: "1", colour: "#9a4708", title: "Quietwatch: 1 needs you, worst P2" });
  });

  it("stays readable above 99", () => {
    expect(
      badgeFace(
        link("live"),
        Array.from({ length: 120 }, () => itemOf()),
      ).text,
    ).toBe("99+");
  });

  it.each(["offline", "signed-out", "no-permission"] as const)("warns when %s", (state) => {
    expect(badgeFace(link(state), [itemOf()]).text).toBe("!");
  });

  it("is empty when nothing needs anybody", () => {
    expect(badgeFace(link("live"), []).text).toBe("");
  });
});

describe("the first words", () => {
  it.each([
    ["live", 3, "3 need you"],
    ["live", 1, "1 needs you"],
    ["polling", 0, "Nothing needs you."],
    ["offline", 3, "Server not reachable"],
    ["signed-out", 3, "Signed out"],
  ] as const)("%s with %i: %s", (state, needing, text) => {
    expect(headline(link(state), needing, counts).text).toBe(text);
  });

  it("do not promise quiet before anything was read", () => {
    expect(headline(link("starting"), 0, null).text).toBe("Reading the queue");
  });

  it("say what was kept away", () => {
    expect(keptAway(counts)).toBe("Kept away from you: 9,412 hidden, 12 in the digest.");
  });
});

describe("the reason", () => {
  it("is the strongest that tells more than band and environment do", () => {
    expect(topReason(itemOf().factors)).toBe("First time ever for falco / shell_in_web_server");
  });

  it("is severity where nothing tells more, and nothing where nothing adds points", () => {
    expect(topReason([{ name: "severity", points: 34, because: "Severity is medium" }])).toBe(
      "Severity is medium",
    );
    expect(topReason([{ name: "volume", points: -3, because: "rare" }])).toBeNull();
  });
});

describe("text written by attackers", () => {
  it("cannot disguise itself with direction or zero-width characters", () => {
    expect(showControls("invoice\u202efdp.exe a\u200bb\u0007")).toBe("invoice⟨202E⟩fdp.exe a⟨200B⟩b⟨0007⟩");
    expect(showControls("line\nnext\ttab, عربى, 中文")).toBe("line\nnext\ttab, عربى, 中文");
  });

  it("always leaves something to press", () => {
    expect(titleText(" \n ")).toBe("(no title)");
  });

  it.each(["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//a.example.com", "x"])(
    "%s is no link",
    (href) => {
      expect(webAddress(href)).toBeNull();
    },
  );

  it("is no pattern in a search", () => {
    expect(matchesWords(itemOf({ title: "a.*b" }), ".*")).toBe(true);
    expect(matchesWords(itemOf({ title: "a-b" }), ".*")).toBe(false);
    expect(matchesWords(itemOf(), "CHECKOUT web-03")).toBe(true);
  });
});

describe("an original", () => {
  it("is laid out without changing a number, a doubled key or a string", () => {
    const text = '{"id":12345678901234567890,"a":[1.0,{}, []],"a":"x: {\\"y\\", z}"}';
    expect(prettyJson(text)).toBe(
      '{\n  "id": 12345678901234567890,\n  "a": [\n    1.0,\n    {},\n    []\n  ],\n  "a": "x: {\\"y\\", z}"\n}',
    );
  });

  it.each(["Jan 1 sshd[1]: {no json}", "{broken", ""])("that is no JSON stays as it is: %j", (text) => {
    expect(prettyJson(text)).toBe(text);
  });
});

describe("sentences about an item", () => {
  it("name size and place", () => {
    expect(placeParts(itemOf({ kind: "rollup", count: 30_114, memberCount: 212, service: null }))[0]).toBe(
      "30,114 alerts folded from 212 groups",
    );
  });

  it("say what somebody else changed", () => {
    const now = itemOf({ status: "resolved", verdict: "false_positive", noteCount: 1 });
    expect(describeChange(itemOf(), now)).toBe("it is resolved as false positive, a note was added");
    expect(describeChange(itemOf(), itemOf({ status: "acknowledged", acknowledgedBy: "Dana" }))).toBe(
      "Dana acknowledged it",
    );
    expect(describeChange(itemOf(), itemOf())).toBe("someone changed it");
  });

  it("know tomorrow at nine, also from late in the evening", () => {
    const morning = new Date(tomorrowMorning(new Date(2026, 2, 31, 23, 30).getTime()));
    expect(morning.getTime()).toBe(new Date(2026, 3, 1, 9, 0).getTime());
  });
});
