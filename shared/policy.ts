import * as v from "valibot";
import { Severity, severities } from "./alert.ts";
import { IntakePolicy } from "./intake-policy.ts";

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(128));
const patterns = v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(256))), v.maxLength(1_000));

/**
 * How an alert that does not name its environment is placed. Patterns are literal text in which `*` stands for
 * any run of characters; they are matched without regard to case.
 */
export const EnvironmentMatch = v.object({
  /** What senders may call it: `prod`, `live`. */
  names: v.optional(patterns, []),
  hosts: v.optional(patterns, []),
  /** Exact or CIDR, IPv4 and IPv6. */
  networks: v.optional(patterns, []),
  /** Label name to patterns of its value. */
  labels: v.optional(v.record(name, patterns), {}),
});

export const EnvironmentPolicy = v.object({
  name,
  /** Share of full weight, 0 to 1; production is 1. */
  weight: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  match: v.optional(EnvironmentMatch, {}),
  /** Mildest severity that still comes before a person; what is below goes to the digest. */
  showFrom: v.optional(Severity, "info"),
});
export type EnvironmentPolicy = v.InferOutput<typeof EnvironmentPolicy>;

export const riskLevels = ["LOW", "MEDIUM", "HIGH", "MAXIMUM"] as const;
export const ServicePolicy = v.object({
  name,
  /** What else it is called in alerts. */
  aliases: v.optional(patterns, []),
  hosts: v.optional(patterns, []),
  owner: v.optional(name),
  /** Level of the rapid risk assessment. */
  risk: v.optional(v.picklist(riskLevels), "MEDIUM"),
  runbookUrl: v.optional(v.pipe(v.string(), v.url(), v.maxLength(2_048))),
});
export type ServicePolicy = v.InferOutput<typeof ServicePolicy>;

const points = v.pipe(v.number(), v.minValue(0), v.maxValue(100));

export const Policy = v.object({
  /** Environments in the order in which they are tried. */
  environments: v.pipe(v.array(EnvironmentPolicy), v.minLength(1), v.maxLength(100)),
  services: v.optional(v.pipe(v.array(ServicePolicy), v.maxLength(10_000)), []),
  /** Lowest score of each band; what is below P4 is P5. */
  bands: v.optional(v.object({ P1: points, P2: points, P3: points, P4: points }), {
    P1: 80,
    P2: 60,
    P3: 40,
    P4: 15,
  }),
  /** Labels that take part in the identity of a group. */
  identityLabels: v.optional(patterns, []),
  /** Days for which a false or benign verdict keeps new alerts of the group out of sight. */
  verdictMemoryDays: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(365)), 30),
  intake: v.optional(IntakePolicy, {}),
});
export type Policy = v.InferOutput<typeof Policy>;
export type PolicyInput = v.InferInput<typeof Policy>;

/** One entry of `GET /policy/versions`; version 0 is the policy that ships with the program. */
export const PolicyVersion = v.object({
  version: v.pipe(v.number(), v.integer(), v.minValue(0)),
  author: v.nullable(v.string()),
  at: v.nullable(v.string()),
});
export type PolicyVersion = v.InferOutput<typeof PolicyVersion>;

/** `GET /policy` and `GET /policy/versions/{version}`: the whole document, defaults filled in. */
export interface PolicyAnswer extends PolicyVersion {
  document: Policy;
}

/** Development and staging below critical wait in the digest; what nobody mapped counts as production. */
export const defaultPolicy: Policy = v.parse(Policy, {
  environments: [
    {
      name: "production",
      weight: 1,
      match: {
        names: ["prod", "live", "prd"],
        labels: {},
        hosts: ["*-prod", "prod-*", "*-prod-*", "*.prod.*"],
      },
    },
    {
      name: "staging",
      weight: 0.7,
      showFrom: "critical",
      match: {
        names: ["stage", "stg", "preprod", "pre-production", "uat"],
        hosts: ["*-staging", "staging-*", "*-staging-*", "*.staging.*", "*-stg", "stg-*"],
      },
    },
    {
      name: "development",
      weight: 0.55,
      showFrom: "critical",
      match: {
        names: ["dev", "devel", "local", "sandbox"],
        hosts: ["*-dev", "dev-*", "*-dev-*", "*.dev.*"],
      },
    },
    {
      name: "test",
      weight: 0.55,
      showFrom: "critical",
      match: { names: ["testing", "qa", "ci"], hosts: ["*-test", "test-*", "*.test.*", "*-qa", "qa-*"] },
    },
  ],
} satisfies PolicyInput);

/** 0 for critical to 4 for info. */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}
