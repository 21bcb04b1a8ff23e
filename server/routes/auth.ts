import { Hono } from "hono";
import * as v from "valibot";
import { anonymousActor } from "../auth/actors.ts";
import { credentialsOf } from "../auth/credentials.ts";
import { type GuardDeps, guard } from "../auth/guard.ts";
import { requireOwnOrigin } from "../auth/own-origin.ts";
import { requestContext } from "../auth/request-context.ts";
import { setSessionCookie } from "../auth/session-cookie.ts";
import { ApproveInput, approvePairing } from "../services/access/approve-pairing.ts";
import { createSignInLink, SignInLinkInput } from "../services/access/create-sign-in-link.ts";
import { showPairing } from "../services/access/show-pairing.ts";
import { signOut } from "../services/access/sign-out.ts";
import { useSignInLink } from "../services/access/use-sign-in-link.ts";
import type { AppEnv } from "./app-env.ts";
import { oauthRoutes } from "./oauth.ts";
import { smallBody } from "./oauth-body.ts";
import { valid } from "./valid.ts";

const LinkInput = v.object({ token: v.pipe(v.string(), v.maxLength(256)) });
const CodeParam = v.object({ userCode: v.string() });

/** Sign-in and sign-out of people and extensions; mounted before any guard, what needs one brings it. */
export function authRoutes(deps: GuardDeps) {
  const { env } = deps;
  const guarded = guard(deps);
  return new Hono<AppEnv>()
    .route("/", oauthRoutes(deps))
    .post("/link", smallBody, valid("json", LinkInput), async (c) => {
      const origin = c.req.header("Origin");
      // Another site must not sign a reader in as somebody else; programs send no Origin and need none.
      if (origin !== undefined)
        requireOwnOrigin({ origin, host: c.req.header("Host"), publicUrl: env.publicUrl });
      const ctx = requestContext(deps, anonymousActor, c.var.requestId);
      const { session, lifetime } = await useSignInLink(ctx, c.req.valid("json").token);
      setSessionCookie(c, env, session, lifetime);
      return c.body(null, 204, { "Cache-Control": "no-store" });
    })
    .post("/links", smallBody, guarded, valid("json", SignInLinkInput), async (c) => {
      const publicUrl = env.publicUrl ?? new URL(c.req.url).origin;
      const link = await createSignInLink(c.var.ctx, c.req.valid("json"), publicUrl);
      return c.json(link, 201, { "Cache-Control": "no-store" });
    })
    .post("/sign-out", guarded, async (c) => {
      await signOut({ ...c.var.ctx, credentials: credentialsOf(deps) });
      setSessionCookie(c, env, "", 0);
      return c.body(null, 204);
    })
    .get("/device/:userCode", guarded, valid("param", CodeParam), async (c) =>
      c.json(await showPairing(c.var.ctx, c.req.valid("param").userCode)),
    )
    .post("/device/approve", smallBody, guarded, valid("json", ApproveInput), async (c) =>
      c.json(await approvePairing(c.var.ctx, c.req.valid("json"))),
    );
}
