import { readMe, startPairing, type TokenAnswer, takePairing } from "../lib/api.ts";
import { OfflineError, RefusedError } from "../lib/failures.ts";
import type { Pairing, SessionValues, ValueStore } from "../lib/storage.ts";
import type { Model } from "./model.ts";
import type { Session } from "./session.ts";

/** Sign-in by a code that a person approves on the server's own page (RFC 8628). */
export interface PairingDesk {
  start(server: string): Promise<void>;
  cancel(): Promise<void>;
  /** Goes on after the worker was restarted in the middle. */
  resume(): Promise<void>;
}

interface PairingDeps {
  values: ValueStore<SessionValues>;
  session: Session;
  model: Model;
  onSignedIn: () => void;
  now: () => number;
}

const slowerMs = 5_000;

function outcomeOf(error: unknown, pairing: Pairing): Pairing {
  if (error instanceof OfflineError) return { ...pairing, because: error.message };
  if (!(error instanceof RefusedError)) return { ...pairing, state: "failed", because: String(error) };
  if (error.code === "authorization_pending") return { ...pairing, because: null };
  if (error.code === "slow_down") return { ...pairing, intervalMs: pairing.intervalMs + slowerMs };
  if (error.code === "access_denied") return { ...pairing, state: "denied" };
  if (error.code === "expired_token" || error.code === "invalid_grant") {
    return { ...pairing, state: "expired" };
  }
  return { ...pairing, state: "failed", because: error.message };
}

export function createPairingDesk({ values, session, model, onSignedIn, now }: PairingDeps): PairingDesk {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function pollLater(pairing: Pairing): void {
    clearTimeout(timer);
    timer = setTimeout(() => void poll(), pairing.intervalMs);
  }

  async function finish(pairing: Pairing, tokens: TokenAnswer): Promise<void> {
    const { server } = pairing;
    const { id, name } = await readMe({ ...session.open(server), token: tokens.access_token });
    if ((await session.server()) !== server || model.person()?.id !== id) await model.forget();
    await model.setPerson({ id, name });
    await session.adopt(server, tokens);
    await values.remove(["pairing"]);
    onSignedIn();
  }

  async function poll(): Promise<void> {
    const pairing = await values.get("pairing");
    if (pairing === undefined || pairing.state !== "waiting") return;
    if (now() > pairing.expiresAt) return values.set({ pairing: { ...pairing, state: "expired" } });
    try {
      const tokens = await takePairing(session.open(pairing.server), pairing.deviceCode);
      await finish(pairing, tokens);
    } catch (error) {
      const held = await values.get("pairing");
      if (held?.deviceCode !== pairing.deviceCode) return;
      const next = outcomeOf(error, pairing);
      await values.set({ pairing: next });
      if (next.state === "waiting") pollLater(next);
    }
  }

  return {
    async start(server) {
      const answer = await startPairing(session.open(server));
      const pairing: Pairing = {
        state: "waiting",
        server,
        deviceCode: answer.device_code,
        userCode: answer.user_code,
        approvalUrl: answer.verification_uri_complete,
        expiresAt: now() + answer.expires_in * 1_000,
        intervalMs: Math.max(1, answer.interval) * 1_000,
        because: null,
      };
      await values.set({ pairing });
      pollLater(pairing);
    },
    async cancel() {
      clearTimeout(timer);
      await values.remove(["pairing"]);
    },
    async resume() {
      const pairing = await values.get("pairing");
      if (pairing?.state === "waiting") pollLater(pairing);
    },
  };
}
