import { inputs, outputs } from "./components.ts";
import type { Operation } from "./operation.ts";
import { PageQuery } from "./queries.ts";

const policy = { subject: "Policy", access: "policy:manage" } as const;

export const policyOperations: readonly Operation[] = [
  {
    ...policy,
    id: "showPolicy",
    method: "get",
    path: "/api/v1/policy",
    summary: "The policy in force",
    detail: "Version 0 is what holds while nobody saved one.",
    answer: { status: 200, schema: outputs.PolicyAnswer },
  },
  {
    ...policy,
    id: "savePolicy",
    method: "put",
    path: "/api/v1/policy",
    summary: "Save the whole policy as its next version",
    detail:
      "A wrong one is refused with the path of each mistake and, in YAML, its line. Changing who is let in (intake.sns, intake.workloads) also needs the scope tokens:manage.",
    headers: ["If-Match", "Idempotency-Key"],
    body: {
      schema: inputs.PolicyInput,
      types: ["application/json", "application/yaml"],
      example: {
        environments: [
          { name: "production", weight: 1, match: { names: ["prod"], hosts: ["*-prod"] } },
          { name: "staging", weight: 0.7, match: { names: ["stage"] }, showFrom: "critical" },
        ],
      },
    },
    answer: { status: 200, schema: outputs.PolicyAnswer },
    errors: ["stale_version", "unsupported_type"],
  },
  {
    ...policy,
    id: "listPolicyVersions",
    method: "get",
    path: "/api/v1/policy/versions",
    summary: "Versions of the policy, newest first",
    query: PageQuery,
    answer: { status: 200, schema: outputs.PolicyVersionPage },
  },
  {
    ...policy,
    id: "showPolicyVersion",
    method: "get",
    path: "/api/v1/policy/versions/{version}",
    summary: "One version of the policy",
    answer: { status: 200, schema: outputs.PolicyAnswer },
    errors: ["not_found"],
  },
  {
    ...policy,
    id: "trySource",
    method: "post",
    path: "/api/v1/ingest/try",
    summary: "What a sample would give",
    detail: "By a format, by a mapping that need not be saved, or found out; nothing is stored.",
    body: {
      schema: inputs.TrySourceInput,
      example: {
        sample: '{"product":"DoorControl","kind":"forced-open","door":"gate-7","level":1}',
        mapping: {
          name: "door-control",
          match: "product == 'DoorControl'",
          rule: "kind",
          title: "join(' ', ['Door', door, kind])",
          severity: { from: "level", table: { "1": "critical" }, otherwise: "low" },
          identity: ["kind", "door"],
          entities: [{ type: "host", value: "door" }],
        },
      },
    },
    answer: { status: 200, schema: outputs.TrySourceAnswer },
    errors: ["too_many_alerts"],
  },
];
