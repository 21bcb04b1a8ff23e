import { eq, sql } from "drizzle-orm";
import * as v from "valibot";
import { Role } from "../../../shared/access.ts";
import { uuidv7 } from "../../../shared/uuid.ts";
import { roleScopes } from "../../auth/role-scopes.ts";
import { hashSecret, newSecret } from "../../auth/secret.ts";
import { requireScope } from "../../context.ts";
import { person, signInLink } from "../../db/schema.ts";
import { ConflictError } from "../../errors.ts";
import { writeAudit } from "../audit/write-audit.ts";
import type { AccessContext } from "./access-context.ts";
import { lifetimes } from "./lifetimes.ts";
import { requireStorable } from "./storable-text.ts";
import { requireWithinOwn } from "./within-own.ts";

export const SignInLinkInput = v.object({
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(128)),
  role: v.optional(Role),
});
export type SignInLinkInput = v.InferOutput<typeof SignInLinkInput>;

export interface SignInLink {
  url: string;
  name: string;
  role: Role;
  expiresAt: string;
}

/**
 * A link that signs the person in once, within 15 minutes. Someone new becomes an administrator when nobody was
 * here before, else an analyst, unless `role` says otherwise.
 */
export async function createSignInLink(
  ctx: AccessContext,
  input: SignInLinkInput,
  publicUrl: string,
): Promise<SignInLink> {
  requireScope(ctx, "tokens:manage");
  requireStorable("name", [input.name]);
  return ctx.db.transaction(async (db) => {
    const inner = { ...ctx, db };
    const who = await findOrAddPerson(inner, input);
    // Without this a token that may only manage tokens could sign itself in as an administrator.
    requireWithinOwn(ctx.actor, { ...who, scopes: roleScopes[who.role], severityCeiling: null });
    const token = newSecret("link");
    const createdAt = new Date(ctx.clock());
    const expiresAt = new Date(ctx.clock() + lifetimes.link);
    await db.insert(signInLink).values({ hash: hashSecret(token), personId: who.id, createdAt, expiresAt });
    const { name, role } = who;
    await writeAudit(inner, { verb: "sign-in-link.create", details: { person: who.id, name, role } });
    return { url: `${publicUrl}/sign-in#${token}`, name, role, expiresAt: expiresAt.toISOString() };
  });
}

async function findOrAddPerson(ctx: AccessContext, { name, role }: SignInLinkInput) {
  // Two first people at once would otherwise both find nobody before them.
  await ctx.db.execute(sql`lock table ${person} in share row exclusive mode`);
  const [known] = await ctx.db.select().from(person).where(eq(person.name, name));
  if (known === undefined) return addPerson(ctx, name, role);
  if (role === undefined || role === known.role) return known;
  throw new ConflictError("conflict", `${name} is known and is ${known.role}, not ${role}`);
}

async function addPerson(ctx: AccessContext, name: string, role: Role | undefined) {
  const [anyone] = await ctx.db.select({ id: person.id }).from(person).limit(1);
  const added: typeof person.$inferSelect = {
    id: uuidv7(ctx.clock()),
    name,
    role: role ?? (anyone === undefined ? "admin" : "analyst"),
    environments: null,
    services: null,
    createdAt: new Date(ctx.clock()),
    lastSignInAt: null,
  };
  await ctx.db.insert(person).values(added);
  return added;
}
