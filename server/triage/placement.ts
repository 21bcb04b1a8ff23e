import type { Alert, Entity } from "../../shared/alert.ts";
import type { EnvironmentPolicy, Policy, ServicePolicy } from "../../shared/policy.ts";
import { labelOf } from "./label-of.ts";
import { type NetworkMatcher, networkMatcher } from "./network.ts";
import { matchesPattern } from "./text-pattern.ts";

export interface Placement {
  environment: string;
  /** False while no rule of the policy knows it; it then weighs as production. */
  mapped: boolean;
  because: string;
  service: string | null;
}

interface EnvironmentRule {
  policy: EnvironmentPolicy;
  inNetwork: NetworkMatcher;
}

/** Finds environment and service of an alert; made once for each version of the policy. */
export interface Placer {
  place(alert: Alert, entities: readonly Entity[]): Placement;
}

const unmapped = "production";

export function createPlacer(policy: Policy): Placer {
  const rules = policy.environments.map((environment) => ({
    policy: environment,
    inNetwork: networkMatcher(environment.match.networks ?? []),
  }));
  return {
    place: (alert, entities) => {
      const service = findService(policy.services, alert, entities);
      return { ...findEnvironment(rules, alert, entities), service };
    },
  };
}

/** Share of full weight; what the policy does not know weighs in full. */
export function weightOf(environment: string, { environments }: Policy): number {
  return environments.find(({ name }) => name === environment)?.weight ?? 1;
}

type Found = Omit<Placement, "service">;

function findEnvironment(rules: EnvironmentRule[], alert: Alert, entities: readonly Entity[]): Found {
  if (alert.environment !== undefined) return namedEnvironment(rules, alert.environment);
  for (const { policy, inNetwork } of rules) {
    const because = whyItMatches(policy, inNetwork, alert, entities);
    if (because !== null) return { environment: policy.name, mapped: true, because };
  }
  const host = entities.find(({ type, role }) => type === "host" && role !== "observer")?.value;
  const about = host === undefined ? "the alert" : `host ${host}`;
  const because = `Nothing in the policy places ${about}, so it counts as ${unmapped} until someone maps it`;
  return { environment: unmapped, mapped: false, because };
}

function namedEnvironment(rules: EnvironmentRule[], name: string): Found {
  const known = rules.find(({ policy }) =>
    [policy.name, ...(policy.match.names ?? [])].some((alias) => matchesPattern(name, alias)),
  );
  if (known !== undefined) {
    return { environment: known.policy.name, mapped: true, because: `The detector says ${name}` };
  }
  const because = `The detector says ${name}, which the policy does not know; it weighs as ${unmapped} until someone maps it`;
  return { environment: name, mapped: false, because };
}

function whyItMatches(
  { match }: EnvironmentPolicy,
  inNetwork: NetworkMatcher,
  alert: Alert,
  entities: readonly Entity[],
): string | null {
  const label = Object.entries(match.labels ?? {}).find(([name, patterns]) =>
    matchesAny(labelOf(alert, name), patterns),
  )?.[0];
  if (label !== undefined) return `Label ${label} is ${labelOf(alert, label)}`;
  const own = entities.filter(({ role }) => role !== "observer" && role !== "actor");
  const host = own.find(({ type, value }) => type === "host" && matchesAny(value, match.hosts ?? []));
  if (host !== undefined) return `The name of host ${host.value} says so`;
  const address = own.find(({ type, value }) => type === "ip" && inNetwork(value));
  return address === undefined ? null : `Address ${address.value} lies in its networks`;
}

function matchesAny(text: string | undefined, patterns: readonly string[]): boolean {
  return text !== undefined && patterns.some((pattern) => matchesPattern(text, pattern));
}

function findService(services: ServicePolicy[], alert: Alert, entities: readonly Entity[]): string | null {
  const { service } = alert;
  if (service !== undefined) {
    const known = services.find(({ name, aliases }) =>
      [name, ...aliases].some((alias) => matchesPattern(service, alias)),
    );
    return known?.name ?? service;
  }
  const hosts = entities.filter(({ type, role }) => type === "host" && role !== "observer");
  const owner = services.find((one) =>
    hosts.some(({ value }) => one.hosts.some((pattern) => matchesPattern(value, pattern))),
  );
  return owner?.name ?? null;
}
