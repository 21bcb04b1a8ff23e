import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { Env } from "../env.ts";

const name = "quietwatch_session";

type CookieEnv = Pick<Env, "publicUrl">;

// The prefix makes the browser itself insist on Secure, Path=/ and no Domain.
const prefixOf = ({ publicUrl }: CookieEnv) => (publicUrl?.startsWith("https:") ? "host" : undefined);

export function readSessionCookie(c: Context, env: CookieEnv): string | undefined {
  return getCookie(c, name, prefixOf(env));
}

/** `lifetime` in milliseconds; 0 takes the cookie away. */
export function setSessionCookie(c: Context, env: CookieEnv, secret: string, lifetime: number): void {
  const prefix = prefixOf(env);
  setCookie(c, name, secret, {
    httpOnly: true,
    sameSite: "Strict",
    path: "/",
    secure: prefix !== undefined,
    maxAge: Math.floor(lifetime / 1_000),
    ...(prefix && { prefix }),
  });
}
