import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { holdPolicy } from "../../server/services/policy/hold-policy.ts";
import type { MappingInput } from "../../shared/mapping.ts";
import {
  defaultPolicy,
  type PolicyAnswer,
  type PolicyInput,
  type PolicyVersion,
} from "../../shared/policy.ts";
import type { Page } from "../../shared/queue.ts";
import {
  alertOf,
  bearer,
  errorOf,
  outcome,
  read,
  startTestServer,
  type TestServer,
} from "../support/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(() => server.store.pool.query("truncate audit, idempotency"));

const production: PolicyInput = { environments: [{ name: "production", weight: 1 }] };
const badge: MappingInput = {
  name: "badge-reader",
  rule: "kind",
  title: "kind",
  severity: { constant: "low" },
};

function put(body: unknown, headers: Record<string, string> = {}, token = server.admin.token) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const type = { "Content-Type": "application/json" };
  return Promise.resolve(
    server.app.request("/api/v1/policy", {
      method: "PUT",
      headers: { ...type, ...headers, ...bearer(token) },
      body: text,
    }),
  );
}
const yaml = { "Content-Type": "application/yaml" };
const show = async () => read<PolicyAnswer>(await server.admin.get("/api/v1/policy"));
const version = async () => (await show()).version;

describe("the policy before anybody saved one", () => {
  it("is the one that ships with the program, as version 0", async () => {
    const fresh = await startTestServer();
    const answer = await fresh.admin.get("/api/v1/policy");
    expect(answer.headers.get("ETag")).toBe('"0"');
    expect(await read(answer)).toEqual({ version: 0, author: null, at: null, document: defaultPolicy });
    expect(await read(await fresh.admin.get("/api/v1/policy/versions"))).toEqual({ items: [], next: null });
    await fresh.close();
  });
});

describe("saving the policy", () => {
  it("makes its next version, which holds at once, and is in the audit", async () => {
    const before = await version();
    const saved = await read<PolicyAnswer>(
      await put({ ...production, verdictMemoryDays: 7 }, { "If-Match": `"${before}"` }),
    );
    expect(saved).toMatchObject({ version: before + 1, author: "administrator" });
    expect(saved.document).toMatchObject({ verdictMemoryDays: 7, intake: { mappings: [] } });
    expect(await show()).toEqual(saved);
    expect(server.deps.policy().verdictMemoryDays).toBe(7);
    const { rows } = await server.store.pool.query("select verb, actor_name, details from audit");
    expect(rows).toEqual([
      {
        verb: "policy.save",
        actor_name: "administrator",
        details: { version: before + 1, changed: expect.arrayContaining(["verdictMemoryDays"]) },
      },
    ]);
  });

  it("decides on the next alert", async () => {
    const place = async () => {
      const [group = ""] = await server.send(alertOf({ environment: "moonbase" }));
      return (await server.detail(group)).environment;
    };
    await put(production);
    expect(await place()).not.toBe("moon");
    await put({ environments: [{ name: "moon", weight: 1, match: { names: ["moonbase"] } }] });
    expect(await place()).toBe("moon");
    await put(production);
  });

  it("takes YAML too", async () => {
    const text =
      "# one place only\nenvironments:\n  - name: production\n    weight: 1\nidentityLabels: [site]\n";
    const answer = await put(text, yaml);
    expect(answer.status).toBe(200);
    expect((await show()).document.identityLabels).toEqual(["site"]);
  });

  it("over a version that the author did not see is a conflict, and nothing is saved", async () => {
    const seen = await version();
    await put(production);
    const late = await put({ ...production, verdictMemoryDays: 1 }, { "If-Match": `"${seen}"` });
    expect(await outcome(late.clone())).toBe("409 stale_version");
    expect((await errorOf(late)).message).toContain(String(seen + 1));
    expect(await version()).toBe(seen + 1);
    expect(await outcome(await put(production, { "If-Match": "yesterday" }))).toBe("422 invalid");
  });

  it("by two at a time on what both saw lets one of them win", async () => {
    const seen = await version();
    const days = [3, 4, 5];
    const answers = await Promise.all(
      days.map((one) => put({ ...production, verdictMemoryDays: one }, { "If-Match": `"${seen}"` })),
    );
    const outcomes = await Promise.all(answers.map(outcome));
    expect(outcomes.sort()).toEqual(["200", "409 stale_version", "409 stale_version"]);
    expect(await version()).toBe(seen + 1);
  });

  it("sent again with its key gets the first answer", async () => {
    const key = { "Idempotency-Key": "once" };
    const first = await read<PolicyAnswer>(await put(production, key));
    expect(await read(await put(production, key))).toEqual(first);
    expect(await version()).toBe(first.version);
  });

  it("reaches a node that did not save it when that looks", async () => {
    const other = await holdPolicy(server.store.db);
    const before = other.current();
    await other.refresh();
    expect(other.current()).toBe(before);
    await put({ ...production, verdictMemoryDays: 99 });
    expect(other.current()).toBe(before);
    await other.refresh();
    expect(other.current().verdictMemoryDays).toBe(99);
  });
});

describe("a wrong policy is refused", () => {
  const refusal = async (body: unknown, headers: Record<string, string> = {}) => {
    const before = await version();
    const answer = await put(body, headers);
    expect(await version()).toBe(before);
    const { code, message, issues = [] } = await errorOf(answer);
    return { told: `${answer.status} ${code}: ${message}`, paths: issues.map(({ path }) => path) };
  };

  it.each([
    [{}, "environments"],
    [{ environments: [{ name: "p", weight: 2 }] }, "environments.0.weight"],
    [{ ...production, intake: { sns: { topics: ["*"] } } }, "intake.sns.topics.0"],
    [{ ...production, intake: { sns: { topics: ["arn:aws:sns:*:*:any"] } } }, "intake.sns.topics.0"],
    [{ ...production, intake: { mapings: [] } }, "intake.mapings"],
    [
      {
        ...production,
        intake: { workloads: [{ issuer: "x", jwksUrl: "http://example.com/k", audience: "a" }] },
      },
      "intake.workloads.0.jwksUrl",
    ],
    [
      {
        ...production,
        intake: {
          workloads: [{ issuer: "x", jwksUrl: "https://example.com/k", audience: "a", emails: ["**"] }],
        },
      },
      "intake.workloads.0.emails.0",
    ],
    [{ ...production, intake: { mappings: [{ ...badge, name: "try" }] } }, "intake.mappings.0.name"],
    [{ ...production, intake: { mappings: [{ ...badge, name: "wazuh" }] } }, "intake.mappings.0.name"],
    [{ ...production, intake: { mappings: [badge, badge] } }, "intake.mappings"],
    [{ ...production, intake: { mappings: [{ ...badge, title: "a." }] } }, "intake.mappings.0.title"],
    [
      { ...production, intake: { mappings: [{ ...badge, severity: { from: "pad_left(a)" } }] } },
      "intake.mappings.0.severity.from",
    ],
  ])("%j names %s", async (document, path) => {
    const { told, paths } = await refusal(document);
    expect(told.startsWith(`422 invalid: ${path}: `)).toBe(true);
    expect(paths).toContain(path);
  });

  it("with its line in YAML", async () => {
    const text = `environments:\n  - name: production\n    weight: 1\nintake:\n  mappings:\n    - ${JSON.stringify(badge).replace('"title":"kind"', '"title":"a."')}\n`;
    expect((await refusal(text, yaml)).told).toMatch(/^422 invalid: intake\.mappings\.0\.title: line 6: /);
    const heavy = "environments:\n  - name: production\n    weight: heavy\n";
    expect((await refusal(heavy, yaml)).told).toMatch(/^422 invalid: environments\.0\.weight: line 3: /);
  });

  it("when it cannot be read, with the place", async () => {
    expect((await refusal("{,}")).told).toMatch(/^400 unreadable: .*JSON.*position 1/);
    expect((await refusal("environments:\n\t- name: x\n", yaml)).told).toMatch(
      /^400 unreadable: .*YAML: line 2/,
    );
    const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"];
    for (const [one, next] of ["ab", "bc", "cd", "de", "ef", "fg"].map((pair) => pair.split(""))) {
      bomb.push(`${next}: &${next} [${new Array(9).fill(`*${one}`).join(",")}]`);
    }
    expect((await refusal(bomb.join("\n"), yaml)).told).toMatch(/^400 unreadable: .*alias/i);
    expect((await refusal("x", { "Content-Type": "text/csv" })).told).toMatch(/^415 unsupported_type: /);
  });

  it("when the store could not give it back", async () => {
    const nul = { environments: [{ name: "a\0b", weight: 1 }] };
    expect((await refusal(nul)).told).toMatch(/^422 nul_character: environments\.0\.name: /);
  });
});

describe("who may", () => {
  it("whoever manages the policy saves it, but lets nobody in without the right to make tokens", async () => {
    const lead = await server.client("a lead", { scopes: ["policy:manage"] });
    const mapped = { ...production, intake: { mappings: [badge] } };
    expect(await outcome(await put(mapped, {}, lead.token))).toBe("200");
    const open = {
      ...mapped,
      intake: { ...mapped.intake, sns: { topics: ["arn:aws:sns:*:123456789012:gd"] } },
    };
    expect(await outcome(await put(open, {}, lead.token))).toBe("403 not_allowed");
    expect(await outcome(await put(open))).toBe("200");
    // What is let in already may stay while something else changes.
    expect(await outcome(await put({ ...open, verdictMemoryDays: 2 }, {}, lead.token))).toBe("200");
    expect(await outcome(await put(production, {}, lead.token))).toBe("403 not_allowed");
    await put(production);
  });

  it("not who reaches only a part", async () => {
    const part = await server.client("a part", { scopes: ["policy:manage"], environments: ["staging"] });
    expect(await outcome(await put(production, {}, part.token))).toBe("403 not_allowed");
  });
});

describe("versions", () => {
  it("are all kept, listed newest first in pages, and shown whole", async () => {
    for (const days of [11, 12, 13]) await put({ ...production, verdictMemoryDays: days });
    const list = async (query: string) =>
      read<Page<PolicyVersion>>(await server.admin.get(`/api/v1/policy/versions${query}`));
    const first = await list("?limit=2");
    const newest = await version();
    expect(first.items.map((one) => one.version)).toEqual([newest, newest - 1]);
    const second = await list(`?limit=2&cursor=${first.next}`);
    expect(second.items[0]?.version).toBe(newest - 2);
    const old = await read<PolicyAnswer>(await server.admin.get(`/api/v1/policy/versions/${newest - 2}`));
    expect(old.document.verdictMemoryDays).toBe(11);
    expect(await outcome(await server.admin.get("/api/v1/policy/versions/999999"))).toBe("404 not_found");
    expect(await outcome(await server.admin.get("/api/v1/policy/versions/x"))).toBe("422 invalid");
  });
});
