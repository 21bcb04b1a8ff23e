import { systemActor } from "./auth/actors.ts";
import { requestContext } from "./auth/request-context.ts";
import type { Deps } from "./context.ts";
import { ConflictError } from "./errors.ts";
import { createSignInLink } from "./services/access/create-sign-in-link.ts";
import { hasAnyoneSignedIn } from "./services/access/has-anyone-signed-in.ts";

/** Who the link at the start is for. */
const firstPerson = "Administrator";

/** What the start says: where things are, and how to get in while nobody has or when somebody watches. */
export async function greet(deps: Deps, url: string): Promise<string[]> {
  const lines = [
    `Quietwatch is ready.`,
    `  Dashboard and API  ${url}`,
    `  Store              ${deps.store.kind === "pglite" ? `embedded, in ${deps.env.dataDir}` : "PostgreSQL"}`,
  ];
  const watched = process.stdout.isTTY === true;
  if (watched || !(await hasAnyoneSignedIn(deps.store.db))) {
    lines.push(`  Sign in (once, within 15 minutes)  ${await firstLink(deps, url)}`);
  }
  return lines;
}

async function firstLink(deps: Deps, url: string): Promise<string> {
  const ctx = requestContext(deps, systemActor, "start");
  try {
    return (await createSignInLink(ctx, { name: firstPerson, role: "admin" }, url)).url;
  } catch (error) {
    // Somebody of that name is known in another role; the command line makes a link for anyone.
    if (error instanceof ConflictError) return "npm run -s cli -- sign-in-link --name NAME";
    throw error;
  }
}
