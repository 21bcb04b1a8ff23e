import { computed, effect, signal, untracked } from "@preact/signals";
import type { PolicyAnswer } from "../../../shared/policy.ts";
import type { TrySourceAnswer } from "../../../shared/try-source.ts";
import { ApiError, api, sentenceFor } from "./api.ts";
import { failed, type Loaded, loading, ready } from "./loaded.ts";
import { type Draft, emptyDraft } from "./mapping-draft.ts";
import { say } from "./toast.ts";

/** How the sample is read: found out, by a format, or by the mapping that is being edited. */
export type Reader = { by: "format"; format: string } | { by: "mapping" };

export const sample = signal("");
export const reader = signal<Reader>({ by: "format", format: "auto" });
export const draft = signal<Draft>(emptyDraft);
/** Counts mappings that were opened, so that fields begin anew with each. */
export const opened = signal(0);

/** What the sample gives; null while there is none. */
export const tried = signal<Loaded<TrySourceAnswer> | null>(null);
/** Paths in the mapping that the server refused, with the reason. */
export const wrongParts = signal<ReadonlyMap<string, string>>(new Map());

export const policy = signal<Loaded<PolicyAnswer>>(loading);
export const savedMappings = computed(() =>
  policy.value.phase === "ready" ? policy.value.value.document.intake.mappings : [],
);
export const isSaving = signal(false);

export function openMapping(mapping: Draft): void {
  draft.value = mapping;
  opened.value += 1;
  reader.value = { by: "mapping" };
}

export async function loadPolicy(): Promise<void> {
  try {
    policy.value = ready(await api.policy());
  } catch (error) {
    policy.value = failed(error);
  }
}

const typingMs = 300;

/** Tries whatever is typed once the typing rests; an answer that was overtaken is left aside. */
export function followSample(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let calling: AbortController | null = null;
  const stop = effect(() => {
    const text = sample.value;
    const by = reader.value;
    const mapping = by.by === "mapping" ? draft.value : undefined;
    clearTimeout(timer);
    calling?.abort();
    if (text.trim() === "") {
      tried.value = null;
      wrongParts.value = new Map();
      return;
    }
    untracked(() => {
      tried.value ??= loading;
    });
    const mine = new AbortController();
    calling = mine;
    const input = by.by === "mapping" ? { sample: text, mapping } : { sample: text, format: by.format };
    timer = setTimeout(() => void tryOnce(input, mine.signal), typingMs);
  });
  return () => {
    stop();
    clearTimeout(timer);
    calling?.abort();
  };
}

async function tryOnce(input: unknown, signal: AbortSignal): Promise<void> {
  try {
    const answer = await api.trySource(input, signal);
    if (signal.aborted) return;
    tried.value = ready(answer);
    wrongParts.value = new Map();
  } catch (error) {
    if (signal.aborted) return;
    tried.value = failed(error);
    const issues = error instanceof ApiError ? error.issues : [];
    wrongParts.value = new Map(issues.map(({ path, message }) => [path.replace(/^mapping\./, ""), message]));
  }
}

/** Puts the mapping into the policy, in place of the one with its name. */
export async function saveMapping(): Promise<void> {
  isSaving.value = true;
  try {
    const { version, document } = await api.policy();
    const { name } = draft.value;
    const isKnown = document.intake.mappings.some((one) => one.name === name);
    const mappings = isKnown
      ? document.intake.mappings.map((one) => (one.name === name ? draft.value : one))
      : [...document.intake.mappings, draft.value];
    const next = { ...document, intake: { ...document.intake, mappings } };
    policy.value = ready(await api.savePolicy(next, version));
    say(`Saved. Send it to /api/v1/ingest/${String(name)}.`);
  } catch (error) {
    say(`Not saved. ${sentenceFor(error)}`, "failed");
  } finally {
    isSaving.value = false;
  }
}
