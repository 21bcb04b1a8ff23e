import { computed, signal } from "@preact/signals";
import type { Me, ScopeName } from "../../../shared/access.ts";
import { api, isSignedOut } from "./api.ts";
import { failed, type Loaded, loading, ready } from "./loaded.ts";

export const me = signal<Loaded<Me>>(loading);

function holds(scope: ScopeName): boolean {
  return me.value.phase === "ready" && me.value.value.scopes.includes(scope);
}

export const canAct = computed(() => holds("queue:act"));
export const canManagePolicy = computed(() => holds("policy:manage"));
export const canReadReports = computed(() => holds("reports:read"));

export async function loadMe(): Promise<void> {
  me.value = loading;
  try {
    me.value = ready(await api.me());
  } catch (error) {
    me.value = failed(error);
  }
}

export async function signOut(): Promise<void> {
  await api.signOut();
  isSignedOut.value = true;
}
