import { systemActor } from "./auth/actors.ts";
import { requestContext } from "./auth/request-context.ts";
import type { Deps } from "./context.ts";
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
    const ctx = requestContext(deps, systemActor, "start");
    const link = await createSignInLink(ctx, { name: firstPerson, role: "admin" }, url);
    lines.push(`  Sign in (once, within 15 minutes)  ${link.url}`);
  }
  return lines;
}
