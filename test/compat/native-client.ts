import type { Item, TimelineEntry } from "../../shared/group.ts";
import { read, type TestServer } from "../support/test-server.ts";

/** Triages for as long as a call waits for it, and once more. */
export async function untilTriaged(
  server: TestServer,
  answering: Response | Promise<Response>,
): Promise<Response> {
  let isAnswered = false;
  const answered = Promise.resolve(answering).finally(() => {
    isAnswered = true;
  });
  while (!isAnswered) {
    await server.triage();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await server.triage();
  return answered;
}

/** Every group there is, whatever its band and status. */
export async function whateverItems(server: TestServer): Promise<Item[]> {
  const bands = "band=P1&band=P2&band=P3&band=P4&band=P5";
  const statuses = "status=open&status=acknowledged&status=snoozed&status=resolved";
  const answer = await server.admin.get(
    `/api/v1/queue?flat=true&hidden=include&limit=200&${bands}&${statuses}`,
  );
  return (await read<{ items: Item[] }>(answer)).items;
}

export async function timelineOf(server: TestServer, id: string): Promise<TimelineEntry[]> {
  const answer = await server.admin.get(`/api/v1/items/${id}/timeline`);
  return (await read<{ items: TimelineEntry[] }>(answer)).items;
}
