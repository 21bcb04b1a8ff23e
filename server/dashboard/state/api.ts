import { signal } from "@preact/signals";
import type { Me } from "../../../shared/access.ts";
import type { ActionAnswer, ActionInput, ActionName, UndoAnswer } from "../../../shared/actions.ts";
import type { Issue } from "../../../shared/failure.ts";
import type { ItemDetail, StoredAlert, TimelineEntry } from "../../../shared/group.ts";
import type { PolicyAnswer } from "../../../shared/policy.ts";
import type { Page, QueueAnswer } from "../../../shared/queue.ts";
import type { FunnelReport, GridReport } from "../../../shared/report.ts";
import type { Reject, Source } from "../../../shared/senders.ts";
import type { TrySourceAnswer } from "../../../shared/try-source.ts";

/** The server answered, and the answer is no. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  /** What was wrong where, if the server says so. */
  readonly issues: readonly Issue[];
  constructor(status: number, code: string, message: string, issues: readonly Issue[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.issues = issues;
  }
}

/** No answer came at all. */
export class OfflineError extends Error {
  constructor() {
    super("The server cannot be reached.");
  }
}

/** True once any call was answered with 401; pages show the way to sign in. */
export const isSignedOut = signal(false);

export const streamUrl = "/api/v1/stream";

/** The server is this page's own origin and holds the same types: its answers are taken as they come. */
function trusted<T>(value: unknown): T {
  return value as T;
}

async function failure(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const error = trusted<{ error?: { code?: unknown; message?: unknown; issues?: Issue[] } } | null>(
    body,
  )?.error;
  const code = typeof error?.code === "string" ? error.code : "internal";
  const message =
    typeof error?.message === "string" ? error.message : `The server answered ${response.status}.`;
  return new ApiError(response.status, code, message, error?.issues ?? []);
}

async function call<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(`/api/v1${path}`, { credentials: "same-origin", ...init }).catch((error) => {
    if (init.signal?.aborted) throw error;
    throw new OfflineError();
  });
  if (!response.ok) {
    if (response.status === 401) isSignedOut.value = true;
    throw await failure(response);
  }
  return trusted<T>(response.status === 204 ? null : await response.json());
}

function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  return call<T>(path, { headers: { accept: "application/json" }, ...(signal ? { signal } : {}) });
}

/** The key stays the same over attempts, so that a write whose answer was lost is not done twice. */
function write<T>(path: string, body: unknown, key: string): Promise<T> {
  const headers = { "content-type": "application/json", accept: "application/json", "idempotency-key": key };
  return call<T>(path, { method: "POST", headers, body: JSON.stringify(body) });
}

const part = encodeURIComponent;
const paging = (cursor: string | null) => `limit=20${cursor === null ? "" : `&cursor=${part(cursor)}`}`;

export interface PairingRequest {
  client: string;
  userCode: string;
  expiresAt: string;
}

export const api = {
  me: () => read<Me>("/me"),
  queue: (query: URLSearchParams, signal?: AbortSignal) => read<QueueAnswer>(`/queue?${query}`, signal),
  item: (id: string) => read<ItemDetail>(`/items/${part(id)}`),
  timeline: (id: string, cursor: string | null) =>
    read<Page<TimelineEntry>>(`/items/${part(id)}/timeline?${paging(cursor)}`),
  alerts: (id: string, cursor: string | null) =>
    read<Page<StoredAlert>>(`/groups/${part(id)}/alerts?${paging(cursor)}`),
  funnel: (from: string, to: string) =>
    read<FunnelReport>(`/reports/funnel?${new URLSearchParams({ from, to })}`),
  grid: () => read<GridReport>("/reports/grid"),
  act: <N extends ActionName>(id: string, action: N, input: ActionInput<N>, key: string) =>
    write<ActionAnswer>(`/items/${part(id)}/${action}`, input, key),
  undo: (actionId: string, key: string) => write<UndoAnswer>(`/actions/${part(actionId)}/undo`, {}, key),
  sources: (cursor: string | null) =>
    read<Page<Source>>(`/sources?limit=200${cursor === null ? "" : `&cursor=${part(cursor)}`}`),
  rejects: (sender: Pick<Source, "actor" | "format"> | null, cursor: string | null) => {
    const from = sender === null ? {} : { actor: sender.actor.id, format: sender.format };
    return read<Page<Reject>>(`/rejects?${new URLSearchParams(from)}&${paging(cursor)}`);
  },
  policy: () => read<PolicyAnswer>("/policy"),
  savePolicy: (document: unknown, version: number) =>
    call<PolicyAnswer>("/policy", {
      method: "PUT",
      headers: { "content-type": "application/json", accept: "application/json", "if-match": `"${version}"` },
      body: JSON.stringify(document),
    }),
  trySource: (input: unknown, signal: AbortSignal) =>
    call<TrySourceAnswer>("/ingest/try", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(input),
      signal,
    }),
  signIn: (token: string) => write<null>("/auth/link", { token }, crypto.randomUUID()),
  signOut: () => write<null>("/auth/sign-out", {}, crypto.randomUUID()),
  pairing: (userCode: string) => read<PairingRequest>(`/auth/device/${part(userCode)}`),
  decidePairing: (userCode: string, approve: boolean) =>
    write<{ client: string; approved: boolean }>(
      "/auth/device/approve",
      { userCode, approve },
      crypto.randomUUID(),
    ),
};

/** One sentence for a person about anything that a call threw. */
export function sentenceFor(error: unknown): string {
  if (error instanceof ApiError || error instanceof OfflineError) {
    return /[.!?]$/.test(error.message) ? error.message : `${error.message}.`;
  }
  return "Something went wrong in this page. Reload it.";
}
