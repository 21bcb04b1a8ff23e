import { type Call, refreshTokens, revoke, type TokenAnswer } from "../lib/api.ts";
import { RefusedError, SignInError } from "../lib/failures.ts";
import type { LocalValues, SessionValues, ValueStore } from "../lib/storage.ts";

interface SessionDeps {
  local: ValueStore<LocalValues>;
  session: ValueStore<SessionValues>;
  fetch: typeof fetch;
  now: () => number;
}

/** Renewed a little early, so that a token does not end on its way. */
const earlyMs = 60_000;

/** The sign-in: the one server, its tokens, and the calls made with them. */
export class Session {
  readonly #deps: SessionDeps;
  #renewing: Promise<string> | null = null;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
  }

  async server(): Promise<string | null> {
    return (await this.#deps.local.get("server")) ?? null;
  }

  /** A call without a token, for what comes before a sign-in. */
  open(server: string): Call {
    return { server, token: null, fetch: this.#deps.fetch };
  }

  async isSignedIn(): Promise<boolean> {
    const { local, session } = this.#deps;
    return (await local.get("refreshToken")) !== undefined || (await session.get("access")) !== undefined;
  }

  /** Runs `work` with a live access token; renews it once when the server no longer takes it. */
  async authorized<T>(work: (call: Call) => Promise<T>): Promise<T> {
    const call = this.open(await this.#requireServer());
    const token = await this.#liveToken(null);
    try {
      return await work({ ...call, token });
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      return work({ ...call, token: await this.#liveToken(token) });
    }
  }

  async adopt(server: string, tokens: TokenAnswer): Promise<void> {
    await this.#deps.local.set({ server });
    await this.#keep(tokens);
  }

  async signOut(): Promise<void> {
    const server = await this.server();
    const refreshToken = await this.#deps.local.get("refreshToken");
    await this.#end();
    if (server === null || refreshToken === undefined) return;
    // Best effort: the tokens are gone from here whether or not the server can be told.
    await revoke(this.open(server), refreshToken).catch(() => undefined);
  }

  async #requireServer(): Promise<string> {
    const server = await this.server();
    if (server === null) throw new SignInError("No server is set.");
    return server;
  }

  async #liveToken(refused: string | null): Promise<string> {
    const access = await this.#deps.session.get("access");
    const isLive =
      access !== undefined && access.token !== refused && access.expiresAt - earlyMs > this.#deps.now();
    return isLive ? access.token : this.#renewOnce();
  }

  /** All callers share one renewal: a rotating refresh token works once. */
  #renewOnce(): Promise<string> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #renew(): Promise<string> {
    const refreshToken = await this.#deps.local.get("refreshToken");
    if (refreshToken === undefined) {
      await this.#deps.session.remove(["access"]);
      throw new SignInError("Nobody is signed in.");
    }
    try {
      return await this.#keep(await refreshTokens(this.open(await this.#requireServer()), refreshToken));
    } catch (error) {
      if (!(error instanceof SignInError || error instanceof RefusedError)) throw error;
      await this.#end();
      throw new SignInError("Your sign-in has ended.");
    }
  }

  async #keep(tokens: TokenAnswer): Promise<string> {
    // The refresh token rotates: lose the new one and the sign-in is lost, so it goes to disk first.
    await this.#deps.local.set({ refreshToken: tokens.refresh_token });
    const expiresAt = this.#deps.now() + tokens.expires_in * 1_000;
    await this.#deps.session.set({ access: { token: tokens.access_token, expiresAt } });
    return tokens.access_token;
  }

  async #end(): Promise<void> {
    await this.#deps.session.remove(["access"]);
    await this.#deps.local.remove(["refreshToken"]);
  }
}
