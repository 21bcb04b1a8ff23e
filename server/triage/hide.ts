import type { Hidden } from "../../shared/group.ts";
import { type Policy, severityRank } from "../../shared/policy.ts";
import type { GroupState } from "./group-state.ts";
import type { Silencer } from "./silence.ts";

/**
 * Who hides a group and why; null when nothing does. Production critical is never hidden here, but by a silence that
 * an administrator made.
 */
export function hide(group: GroupState, policy: Policy, silencer: Silencer | null = null): Hidden | null {
  return silencer?.hides(group, policy) ?? byPolicy(group, policy);
}

function byPolicy(group: GroupState, policy: Policy): Hidden | null {
  const environment = policy.environments.find(({ name }) => name === group.environment);
  if (environment === undefined || group.severity === "critical") return null;
  if (severityRank(group.severity) <= severityRank(environment.showFrom)) return null;
  const because = `In ${environment.name} only ${environment.showFrom} comes before a person; the rest waits in the digest`;
  return { by: "policy", id: `environment:${environment.name}`, because };
}
