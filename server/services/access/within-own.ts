import type { ScopeName } from "../../../shared/access.ts";
import { type Severity, severities } from "../../../shared/alert.ts";
import type { Actor } from "../../context.ts";
import { NotAllowedError } from "../../errors.ts";

interface Rights {
  scopes: readonly ScopeName[];
  environments: readonly string[] | null;
  services: readonly string[] | null;
  severityCeiling: Severity | null;
}

function covers(own: readonly string[] | null, asked: readonly string[] | null): boolean {
  return own === null || (asked?.every((name) => own.includes(name)) ?? false);
}

function reachesAsHigh(own: Severity | null, asked: Severity | null): boolean {
  if (own === null) return true;
  return asked !== null && severities.indexOf(asked) >= severities.indexOf(own);
}

/**
 * Nobody gives out more than they hold.
 * @throws NotAllowedError
 */
export function requireWithinOwn(actor: Actor, rights: Rights): void {
  const beyond = rights.scopes.filter((scope) => !actor.scopes.has(scope));
  if (beyond.length > 0) throw new NotAllowedError(`you do not hold ${beyond.join(", ")} yourself`);
  if (!covers(actor.environments, rights.environments)) {
    throw new NotAllowedError(`name environments among your own: ${actor.environments?.join(", ")}`);
  }
  if (!covers(actor.services, rights.services)) {
    throw new NotAllowedError(`name services among your own: ${actor.services?.join(", ")}`);
  }
  if (!reachesAsHigh(actor.severityCeiling, rights.severityCeiling)) {
    throw new NotAllowedError(`the severity ceiling cannot be above your own, ${actor.severityCeiling}`);
  }
}
