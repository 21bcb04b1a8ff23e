import { signal } from "@preact/signals";
import { AddressError, normaliseAddress, type ServerAddress } from "../lib/address.ts";
import { browser } from "../lib/browser.ts";
import { ask } from "../messages.ts";

export const problem = signal<string | null>(null);
/** An address that would send everything in the clear; the person must say yes first. */
export const unsafe = signal<ServerAddress | null>(null);
export const isBusy = signal(false);

function say(error: unknown): void {
  problem.value = error instanceof Error ? error.message : String(error);
}

/** Must run within the click: the browser shows its permission prompt only then. */
async function pairWith(address: ServerAddress): Promise<void> {
  isBusy.value = true;
  try {
    const isAllowed = await browser.permissions.request({ origins: [address.pattern] });
    if (!isAllowed) {
      problem.value = "Without this permission Quietwatch cannot reach the server.";
      return;
    }
    await ask("pair", { server: address.origin });
  } catch (error) {
    say(error);
  } finally {
    isBusy.value = false;
  }
}

export function connect(text: string, evenUnsafe = false): void {
  problem.value = null;
  unsafe.value = null;
  try {
    const address = normaliseAddress(text);
    if (address.isPrivate || evenUnsafe) void pairWith(address);
    else unsafe.value = address;
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    say(error);
  }
}

export function cancelPairing(): void {
  void ask("cancel-pairing", {}).catch(say);
}

export function signOut(): void {
  isBusy.value = true;
  void ask("sign-out", {})
    .catch(say)
    .finally(() => {
      isBusy.value = false;
    });
}
