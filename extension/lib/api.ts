import type { DeviceAnswer, Me, TokenAnswer } from "../../shared/access.ts";
import type { ActionAnswer, UndoAnswer } from "../../shared/actions.ts";
import type { Item, ItemDetail, StoredAlert, TimelineEntry } from "../../shared/group.ts";
import type { Page, QueueAnswer } from "../../shared/queue.ts";
import type { Decision } from "./decision.ts";
import { type Call, json, post, request } from "./request.ts";

export type { Call } from "./request.ts";
export type {
  DeviceAnswer,
  Item,
  ItemDetail,
  Me,
  Page,
  QueueAnswer,
  StoredAlert,
  TimelineEntry,
  TokenAnswer,
};

const clientId = "quietwatch-extension";
const queuePath = "/queue?limit=200";

/** The queue as it stands, or null when it is still what `etag` named. */
export async function readQueue(
  call: Call,
  etag: string | null,
): Promise<{ answer: QueueAnswer; etag: string | null } | null> {
  const headers = etag === null ? {} : { "if-none-match": etag };
  const response = await request(call, queuePath, { headers });
  if (response.status === 304) return null;
  return { answer: await json<QueueAnswer>(response), etag: response.headers.get("etag") };
}

export async function readMe(call: Call): Promise<Me> {
  return json<Me>(await request(call, "/me"));
}

export async function readItem(call: Call, id: string): Promise<ItemDetail> {
  return json<ItemDetail>(await request(call, `/items/${encodeURIComponent(id)}`));
}

export async function readTimeline(call: Call, id: string): Promise<Page<TimelineEntry>> {
  return json<Page<TimelineEntry>>(await request(call, `/items/${encodeURIComponent(id)}/timeline?limit=50`));
}

export async function readMembers(call: Call, id: string): Promise<Page<Item>> {
  return json<Page<Item>>(await request(call, `/items/${encodeURIComponent(id)}/members?limit=50`));
}

export async function readAlerts(call: Call, id: string, cursor: string | null): Promise<Page<StoredAlert>> {
  const after = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
  return json<Page<StoredAlert>>(
    await request(call, `/groups/${encodeURIComponent(id)}/alerts?limit=5${after}`),
  );
}

/** `version` asks the server to refuse when people's state moved on since. */
export async function act(
  call: Call,
  id: string,
  decision: Decision,
  key: string,
  version: number | null,
): Promise<ActionAnswer> {
  const body = version === null ? decision.input : { ...decision.input, version };
  const path = `/items/${encodeURIComponent(id)}/${decision.action}`;
  return json<ActionAnswer>(await post(call, path, body, key));
}

export async function undo(call: Call, actionId: string, key: string): Promise<UndoAnswer> {
  return json<UndoAnswer>(await post(call, `/actions/${encodeURIComponent(actionId)}/undo`, {}, key));
}

/** Resolves with the open stream; its body is read by the caller and ends with `signal`. */
export function openStream(call: Call, lastEventId: string | null, signal: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { accept: "text/event-stream" };
  if (lastEventId !== null) headers["last-event-id"] = lastEventId;
  return request(call, "/stream", { headers, signal });
}

export async function startPairing(call: Call): Promise<DeviceAnswer> {
  return json<DeviceAnswer>(await post(call, "/auth/device", { client_id: clientId }));
}

export async function takePairing(call: Call, deviceCode: string): Promise<TokenAnswer> {
  const grant_type = "urn:ietf:params:oauth:grant-type:device_code";
  const body = { grant_type, device_code: deviceCode, client_id: clientId };
  return json<TokenAnswer>(await post(call, "/auth/token", body));
}

export async function refreshTokens(call: Call, refreshToken: string): Promise<TokenAnswer> {
  const body = { grant_type: "refresh_token", refresh_token: refreshToken, client_id: clientId };
  return json<TokenAnswer>(await post(call, "/auth/token", body));
}

export async function revoke(call: Call, token: string): Promise<void> {
  await post(call, "/auth/revoke", { token });
}
