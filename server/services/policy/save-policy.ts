import type { Policy, PolicyAnswer } from "../../../shared/policy.ts";
import { type Context, type Deps, requireScope } from "../../context.ts";
import { policyVersion } from "../../db/schema.ts";
import { ConflictError, NotAllowedError } from "../../errors.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { withTransaction } from "../with-transaction.ts";
import { type Notation, readPolicyDocument } from "./read-document.ts";
import { showPolicy } from "./show-policy.ts";

export interface SaveRequest {
  text: string;
  notation: Notation;
  /** The version that the author saw; null saves whatever is there. */
  expected: number | null;
}

/**
 * Saves a whole policy as its next version; it holds on this node when this returns.
 * @throws ConflictError when it is not the successor of what the author saw
 */
export async function savePolicy(
  ctx: Context,
  { refreshPolicy }: Pick<Deps, "refreshPolicy">,
  { text, notation, expected }: SaveRequest,
): Promise<PolicyAnswer> {
  requireScope(ctx, "policy:manage");
  if (ctx.actor.environments !== null || ctx.actor.services !== null) {
    throw new NotAllowedError("the policy holds for everything, and you reach only a part of it");
  }
  const document = readPolicyDocument(text, notation);
  const saved = await withTransaction(ctx, async (inner) => {
    const before = await showPolicy(inner);
    if (expected !== null && expected !== before.version) throw stale(before.version);
    requireMayLetIn(inner, before.document, document);
    const version = before.version + 1;
    const at = new Date(inner.clock());
    const row = { version, document, author: inner.actor.name, at };
    const added = await inner.db.insert(policyVersion).values(row).onConflictDoNothing().returning();
    if (added.length === 0) throw stale(version);
    const changed = changedParts(before.document, document);
    await writeAudit(inner, { verb: "policy.save", details: { version, changed } });
    return { ...row, at: at.toISOString() };
  });
  await refreshPolicy();
  return saved;
}

function stale(version: number): ConflictError {
  return new ConflictError("stale_version", `the policy is at version ${version} by now; read it again`);
}

/** Whoever lets a sender in gives away the right to write alerts, as whoever makes a token does. */
function requireMayLetIn(ctx: Context, before: Policy, after: Policy): void {
  const isSame = (["sns", "workloads"] as const).every((name) =>
    isEqual(before.intake[name], after.intake[name]),
  );
  if (!isSame) requireScope(ctx, "tokens:manage");
}

function changedParts(before: Policy, after: Policy): string[] {
  return Object.keys(after).filter((name) => !isEqual(Reflect.get(before, name), Reflect.get(after, name)));
}

/** jsonb keeps the names of an object in its own order. */
function isEqual(one: unknown, other: unknown): boolean {
  return sorted(one) === sorted(other);
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
