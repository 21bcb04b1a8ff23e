import { scopeNames } from "../../shared/access.ts";
import type { Actor } from "../context.ts";
import type { person } from "../db/schema.ts";
import { roleScopes } from "./role-scopes.ts";

type Person = Pick<typeof person.$inferSelect, "id" | "name" | "role" | "environments" | "services">;

const everything = {
  personId: null,
  role: "admin",
  scopes: new Set(scopeNames),
  environments: null,
  services: null,
  severityCeiling: null,
  credentialId: null,
} as const satisfies Partial<Actor>;

/** Whoever holds QUIETWATCH_ADMIN_TOKEN. */
export const adminActor: Actor = { id: "admin-token", name: "administrator", ...everything };

/** The server itself: at the start, and for what its clock brings about. */
export const systemActor: Actor = { id: "system", name: "Quietwatch", ...everything };

/** Somebody who has yet to show who they are. */
export const anonymousActor: Actor = {
  ...everything,
  id: "anonymous",
  name: "nobody signed in",
  role: "viewer",
  scopes: new Set(),
  environments: [],
  services: [],
};

export function personActor(who: Person, credentialId: string | null): Actor {
  return {
    id: who.id,
    name: who.name,
    personId: who.id,
    role: who.role,
    scopes: new Set(roleScopes[who.role]),
    environments: who.environments,
    services: who.services,
    severityCeiling: null,
    credentialId,
  };
}
