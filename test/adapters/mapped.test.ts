import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { matchesMapping, readMapped } from "../../server/adapters/mapped.ts";
import { problemsOf } from "../../server/adapters/mapping-compiled.ts";
import { Mapping, type MappingInput } from "../../shared/mapping.ts";

const doorInput: MappingInput = {
  name: "door-control",
  match: "product == 'DoorControl' && events",
  records: "events[]",
  rule: "kind",
  title: "join(' ', ['Door', door, kind])",
  severity: { from: "level", table: { "1": "critical", "2": "high", Routine: "info" }, otherwise: "low" },
  environment: "$.site.stage",
  service: { constant: "building" },
  occurredAt: "at",
  status: { from: "state", resolved: ["closed"] },
  identity: ["kind", "door"],
  entities: [
    { type: "host", value: "door" },
    { type: "user", role: "actor", value: "badges[].owner" },
  ],
  labels: { site: "$.site.name", shift: { constant: "night" } },
  techniques: "attack",
  links: [{ href: "join('', ['https://doors.example.com/', door])", text: "Door" }],
  runbookUrl: { constant: "https://runbooks.example.com/doors" },
};
const door = v.parse(Mapping, doorInput);

const report = {
  product: "DoorControl",
  site: { name: "Harbour", stage: "prod" },
  events: [
    {
      kind: "forced-open",
      door: "gate-7",
      level: 1,
      at: 1_790_000_000,
      state: "open",
      attack: ["T1200"],
      badges: [{ owner: "ada" }, { owner: "grace" }],
    },
    { kind: "held-open", door: "gate-8", level: "routine", at: "2026-09-21T10:00:00+02:00", state: "Closed" },
  ],
};

/** A mapping whose title is this expression. */
const plain: MappingInput = { name: "plain", rule: "'r'", title: "'t'", severity: { constant: "low" } };
const titled = (title: string) => v.parse(Mapping, { ...plain, title });
const titleOf = (title: string, record: unknown) => readMapped(titled(title), record);

describe("a mapping", () => {
  it("fills every field of the alert, one alert an event", () => {
    const readings = readMapped(door, report);
    expect(readings.map(({ reject }) => reject)).toEqual([undefined, undefined]);
    expect(readings[0]?.alert).toEqual({
      source: "door-control",
      rule: "forced-open",
      title: "Door gate-7 forced-open",
      severity: "critical",
      environment: "prod",
      service: "building",
      occurredAt: "2026-09-21T14:13:20.000Z",
      status: "firing",
      dedupKey: "door-control|forced-open|gate-7",
      entities: [
        { type: "host", value: "gate-7", role: "target" },
        { type: "user", value: "ada", role: "actor" },
        { type: "user", value: "grace", role: "actor" },
      ],
      techniques: ["T1200"],
      labels: { site: "Harbour", shift: "night" },
      links: [{ href: "https://doors.example.com/gate-7", text: "Door" }],
      hints: {
        nativeSeverity: "1",
        instanceKey: "door-control|forced-open|gate-7",
        runbookUrl: "https://runbooks.example.com/doors",
      },
    });
    expect(readings[1]?.alert).toMatchObject({
      severity: "info",
      status: "resolved",
      occurredAt: "2026-09-21T08:00:00.000Z",
    });
  });

  it("takes ordinary words for a severity that its table lacks, and otherwise its default", () => {
    const severityOf = (level: unknown) =>
      readMapped(door, { events: [{ kind: "k", door: "d", level }] })[0]?.alert?.severity;
    expect(["HIGH", "unheard of", null, 2].map(severityOf)).toEqual(["high", "low", "low", "high"]);
  });

  it("has no identity of its own when none of its parts is there", () => {
    const mapping = { ...titled("'t'"), identity: ["a", "b"] };
    expect(readMapped(mapping, { a: null })[0]?.alert?.dedupKey).toBeUndefined();
    expect(readMapped(mapping, { b: 1 })[0]?.alert?.dedupKey).toBe("plain||1");
  });

  it("rejects one event with the field's name and takes the others", () => {
    const [good] = report.events;
    const readings = readMapped(door, { events: [good, { kind: "k", door: 7 }, { door: "d" }] });
    expect(readings[0]?.alert?.title).toBe("Door gate-7 forced-open");
    expect(readings[1]?.reject?.message).toMatch(/^title: Invalid type: join\(\)/);
    expect(readings[2]?.reject?.message).toBe("rule: the expression gives no text");
  });

  it.each([[{}], [{ events: 7 }], [[]], [null], ["text"]])("rejects %j, which holds no events", (record) => {
    expect(readMapped(door, record)[0]?.reject?.message).toMatch(/^records: /);
  });

  it("says of its own records that they are, and never fails on others", () => {
    expect(matchesMapping(door, report)).toBe(true);
    for (const other of [{}, null, 7, [], { product: "DoorControl" }, { product: "x", events: [1] }]) {
      expect(matchesMapping(door, other)).toBe(false);
    }
    expect(matchesMapping({ ...door, match: "join('', product)" }, report)).toBe(false);
    const { match, ...silent } = door;
    expect(match).toBeDefined();
    expect(matchesMapping(silent, report)).toBe(false);
  });
});

describe("expressions", () => {
  it.each([
    ["a.", "title"],
    ["nothing(a)", "title"],
    ["pad_left(a, `1000000000`)", "title"],
    ["group_by(a, &b)", "title"],
    ["let $x = a in $x", "title"],
    ["map(&nothing(@), a)", "title"],
  ])("%s is not taken, and the field is named", (expression, path) => {
    const problems = problemsOf(titled(expression));
    expect(problems.map((problem) => problem.path)).toEqual([path]);
    expect(problems[0]?.message.length).toBeGreaterThan(5);
    expect(titleOf(expression, {})[0]?.reject?.code).toBe("invalid_alert");
  });

  it("are found wherever they stand", () => {
    const bad = v.parse(Mapping, {
      ...doorInput,
      match: "[",
      severity: { from: "f(" },
      identity: ["a", ")"],
      entities: [{ type: "ip", value: "a b" }],
      labels: { one: "&&" },
    });
    const paths = problemsOf(bad).map(({ path }) => path);
    expect(paths.sort()).toEqual(["entities.0.value", "identity.1", "labels.one", "match", "severity.from"]);
  });

  it("see own fields only", () => {
    for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
      expect(titleOf(`type("${name}")`, {})[0]?.alert?.title).toBe("null");
    }
    const record: unknown = JSON.parse('{"__proto__":{"a":"own"}}');
    expect(titleOf('"__proto__".a', record)[0]?.alert?.title).toBe("own");
  });

  const doubled = Array.from({ length: 60 }, () => "[@,@]").join("|");
  const many = { list: Array.from({ length: 3_000 }, (_, index) => ({ index, text: `t${index}` })) };
  it.each([
    ["values that share their parts", `to_string(${doubled})`, {}],
    ["equality of such values", `to_string((${doubled}) == (${doubled}))`, {}],
    ["lists that double", `${Array.from({ length: 60 }, () => "[@,@][]").join("|")}|length(@)`, { a: 1 }],
    ["lists of lists of lists", "length($.list[*].[$.list[*].[$.list[*].index]])", many],
    ["lists compared with themselves", "to_string(length(list[?contains($.list[*].text, text)]))", many],
    ["texts that double", `${Array.from({ length: 60 }, () => "join('', [@,@])").join("|")}`, "abcdefgh"],
    ["texts put in place of letters", `replace(a, 'a', '${"b".repeat(400)}')`, { a: "a".repeat(100_000) }],
    ["a long text between many", "join(a, list[*].text)", { ...many, a: "a".repeat(100_000) }],
    ["the greatest of too many", "max(list)", { list: Array.from({ length: 500_000 }, () => 1) }],
  ])("that would make too much are cut off: %s", (_what, expression, record) => {
    expect(problemsOf(titled(expression))).toEqual([]);
    const started = performance.now();
    const [reading] = titleOf(expression, record);
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(reading?.reject?.message ?? reading?.alert?.title).toMatch(/^title: |^1$/);
  });

  it("may look at a whole record from each of many events", () => {
    const mapping = v.parse(Mapping, { ...doorInput, title: "join(' ', [$.site.name, kind])" });
    const events = Array.from({ length: 5_000 }, () => ({ ...report.events[0] }));
    const readings = readMapped(mapping, { ...report, events });
    expect(readings.filter(({ alert }) => alert?.title === "Harbour forced-open").length).toBe(5_000);
  });

  it("that give each event the same long text or list take no longer for it", () => {
    const mapping = v.parse(Mapping, {
      ...doorInput,
      severity: { from: "$.text", table: { x: "high" } },
      identity: ["$.text"],
      entities: [{ type: "host", value: "$.list" }],
      description: "$.text",
    });
    const list = Array.from({ length: 200_000 }, (_, index) => `h${index}`);
    const events = Array.from({ length: 2_000 }, () => ({ ...report.events[0] }));
    const started = performance.now();
    const readings = readMapped(mapping, { events, list, text: "x".repeat(8_000_000) });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(readings.filter(({ alert }) => alert?.entities?.length === 128).length).toBe(2_000);
  });

  it("are not tried on what is nested too deep", () => {
    const deep: unknown = JSON.parse(`${"[".repeat(5_000)}${"]".repeat(5_000)}`);
    expect(readMapped(door, deep)[0]?.reject?.code).toBe("nested_too_deep");
  });
});

describe("any JSON", () => {
  it("gives alerts or rejects, the same ones again, and is never thrown at", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (record) => {
        const again = v.parse(Mapping, JSON.parse(JSON.stringify(door)));
        expect(readMapped(again, record)).toEqual(readMapped(door, record));
        expect(typeof matchesMapping(door, record)).toBe("boolean");
      }),
    );
  });

  it("in place of a part of an event does the same", () => {
    const names = ["kind", "door", "level", "at", "state", "attack", "badges"] as const;
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.jsonValue(), (name, value) => {
        const [reading] = readMapped(door, { ...report, events: [{ ...report.events[0], [name]: value }] });
        expect((reading?.alert === undefined) !== (reading?.reject === undefined)).toBe(true);
      }),
    );
  });
});
