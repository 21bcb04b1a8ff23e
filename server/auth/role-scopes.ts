import { type Role, type ScopeName, scopeNames } from "../../shared/access.ts";

const viewer = ["queue:read", "reports:read"] as const;
const analyst = [...viewer, "queue:act"] as const;
const lead = [...analyst, "policy:manage"] as const;

/** What each role may do. */
export const roleScopes: Readonly<Record<Role, readonly ScopeName[]>> = {
  viewer,
  analyst,
  lead,
  admin: scopeNames,
  detector: ["alerts:write"],
};

const byPower = ["admin", "lead", "analyst", "viewer"] as const satisfies Role[];

/** The most powerful role whose every scope is among these; never one that may do more. */
export function roleOfScopes(scopes: ReadonlySet<ScopeName>): Role {
  return byPower.find((role) => roleScopes[role].every((scope) => scopes.has(scope))) ?? "detector";
}
