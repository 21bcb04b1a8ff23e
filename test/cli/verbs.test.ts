import { describe, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";

const patience = { timeout: 60_000 };
const verbs = ["send", "ship", "tail", "ack", "replay", "token", "sign-in-link", "export", "import"];

describe("help", () => {
  it("is on standard output when asked for", patience, async () => {
    const [overview, ...each] = await Promise.all([
      runCli(["--help"]),
      ...verbs.map((verb) => runCli([verb, "--help"])),
    ]);
    for (const verb of verbs) expect(overview?.stdout).toContain(`\n  ${verb} `);
    expect(each.map(({ code, stderr }) => [code, stderr])).toEqual(verbs.map(() => [0, ""]));
    for (const [i, verb] of verbs.entries()) expect(each[i]?.stdout).toContain(`usage: quietwatch ${verb} `);
  });
});

describe("what cannot be understood", () => {
  it.each([
    ["no verb", [], /a verb is missing; there are send, ship, tail/],
    ["an unknown verb", ["\u001b[31mfly"], /no verb is named \\u\{1b\}\[31mfly/],
    ["an unknown flag", ["tail", "--loud"], /unknown option '--loud'; usage: quietwatch tail/],
    ["a flag without its value", ["replay", "--format"], /argument missing; usage: quietwatch replay/],
    ["an unknown format", ["replay", "--format", "csv", "x"], /no format is named csv/],
    ["no file", ["replay", "--format", "alert"], /FILE is missing/],
    ["nothing to follow", ["ship", "--format", "suricata"], /FILE is missing/],
    ["no format to follow", ["ship", "eve.json"], /--format is missing/],
    ["no place to begin", ["ship", "x", "--format", "auto", "--from", "middle"], /--from takes start or end/],
    ["a folder as a pattern", ["ship", "/var/*/x", "--format", "auto", "--token", "t"], /not of a folder/],
    ["no id", ["ack", "../../me"], /no id of an item/],
    ["no band", ["tail", "--band", "P9"], /--band takes P1/],
    ["half an alert", ["send", "--source", "a"], /--\w+ is missing/],
    ["an unknown subverb", ["token", "steal"], /create, list or revoke/],
    ["an unknown scope", ["token", "create", "--name", "a", "--scope", "all"], /Invalid/],
  ])("%s is one line and an exit code of 2", patience, async (_what, args, why) => {
    const { code, stdout, stderr } = await runCli(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).toMatch(why);
  });
});

describe("what cannot be done", () => {
  it("without a token the sentence says what to set", patience, async () => {
    const { code, stderr } = await runCli(["tail"]);
    expect([code, stderr]).toEqual([
      1,
      "quietwatch: this needs a token: give --token or set QUIETWATCH_TOKEN\n",
    ]);
  });

  it("without a server the sentence says where it looked", patience, async () => {
    const args = ["token", "list", "--server", "http://127.0.0.1:9", "--token", "t"];
    const { code, stderr } = await runCli(args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^quietwatch: http:\/\/127\.0\.0\.1:9 does not answer.*\n$/);
  });
});
