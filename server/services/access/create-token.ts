import type { CreateTokenInput, TokenCreated } from "../../../shared/access.ts";
import { parseDuration } from "../../../shared/duration.ts";
import { requireScope } from "../../context.ts";
import { InvalidError } from "../../errors.ts";
import { writeAudit } from "../audit/write-audit.ts";
import type { AccessContext } from "./access-context.ts";
import { insertCredential } from "./insert-credential.ts";
import { longestToken, shortestToken } from "./lifetimes.ts";
import { requireStorable } from "./storable-text.ts";
import { tokenSummary } from "./token-summary.ts";
import { requireWithinOwn } from "./within-own.ts";

/**
 * Makes an API token; its secret is in this answer and nowhere else. Not done once per idempotency key: a kept
 * answer would be a stored secret.
 */
export async function createToken(ctx: AccessContext, input: CreateTokenInput): Promise<TokenCreated> {
  requireScope(ctx, "tokens:manage");
  requireWithinOwn(ctx.actor, input);
  requireStorable("name", [input.name]);
  requireStorable("environments", input.environments ?? []);
  requireStorable("services", input.services ?? []);
  const lifetime = lifetimeOf(input.expiresIn);
  const { name, environments, services, severityCeiling } = input;
  const scopes = [...new Set(input.scopes)];
  const rights = { scopes, environments, services, severityCeiling };
  return ctx.db.transaction(async (db) => {
    const inner = { ...ctx, db };
    const { secret, row } = await insertCredential(
      inner,
      { kind: "api", name, personId: null, createdBy: ctx.actor.name, ...rights },
      lifetime,
    );
    const expiresAt = row.expiresAt.toISOString();
    await writeAudit(inner, { verb: "token.create", details: { token: row.id, name, ...rights, expiresAt } });
    return { ...tokenSummary(row), token: secret };
  });
}

function lifetimeOf(text: string): number {
  const lifetime = parseDuration(text);
  if (lifetime !== null && lifetime >= shortestToken && lifetime <= longestToken) return lifetime;
  const message = "a duration from 1m to 365d, such as 90d";
  throw new InvalidError(`expiresIn: ${message}`, [{ path: "expiresIn", message }]);
}
