import { and, eq, gt, isNull } from "drizzle-orm";
import { personActor } from "../../auth/actors.ts";
import { hashSecret } from "../../auth/secret.ts";
import { signInLink } from "../../db/schema.ts";
import { ServiceError } from "../../errors.ts";
import { writeAudit } from "../audit/write-audit.ts";
import type { AccessContext } from "./access-context.ts";
import { insertCredential } from "./insert-credential.ts";
import { lifetimes } from "./lifetimes.ts";
import { noteSignIn } from "./note-sign-in.ts";

/** Takes a link's token, once, for a session of 12 hours. */
export async function useSignInLink(
  ctx: AccessContext,
  token: string,
): Promise<{ session: string; lifetime: number }> {
  return ctx.db.transaction(async (db) => {
    const inner = { ...ctx, db };
    const now = new Date(ctx.clock());
    const [used] = await db
      .update(signInLink)
      .set({ usedAt: now })
      .where(
        and(eq(signInLink.hash, hashSecret(token)), isNull(signInLink.usedAt), gt(signInLink.expiresAt, now)),
      )
      .returning({ personId: signInLink.personId });
    const who = used && (await noteSignIn(inner, used.personId));
    if (!who)
      throw new ServiceError("sign_in_expired", "this link was used before or is over; ask for a new one");
    const { id, name } = who;
    const { secret, row } = await insertCredential(
      inner,
      { kind: "session", name, personId: id, createdBy: name },
      lifetimes.session,
    );
    const actor = personActor(who, row.id);
    await writeAudit({ ...inner, actor }, { verb: "sign-in", details: { by: "link", credential: row.id } });
    return { session: secret, lifetime: lifetimes.session };
  });
}
