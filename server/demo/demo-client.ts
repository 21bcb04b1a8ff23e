import type { Role } from "../../shared/access.ts";
import type { Item } from "../../shared/group.ts";
import type { DemoAct } from "./demo-acts.ts";
import type { DemoAlert } from "./native-records.ts";

/** What the demo asks of its own server, in the ways that detectors and people use. */
export interface DemoClient {
  send(alerts: readonly DemoAlert[]): Promise<void>;
  act(act: DemoAct): Promise<void>;
  /** A link that signs the person in once. */
  link(name: string, role: Role): Promise<string>;
}

export function createDemoClient(url: string, adminToken: string): DemoClient {
  const admin = { Authorization: `Bearer ${adminToken}` };
  const sessions = new Map<string, string>();

  async function link(name: string, role: Role): Promise<string> {
    const answer = await post(`${url}/api/v1/auth/links`, { name, role }, admin);
    return ((await answer.json()) as { url: string }).url;
  }

  async function sessionOf(name: string): Promise<string> {
    const known = sessions.get(name);
    if (known !== undefined) return known;
    const token = new URL(await link(name, "analyst")).hash.slice(1);
    const answer = await post(`${url}/api/v1/auth/link`, { token }, { Origin: url });
    const cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    sessions.set(name, cookie);
    return cookie;
  }

  async function worstOf({ source, rule }: DemoAct): Promise<Item | undefined> {
    const query = `source=${source}&flat=true&hidden=include&limit=200&band=P1&band=P2&band=P3&band=P4&band=P5`;
    const answer = await fetch(`${url}/api/v1/queue?${query}`, { headers: admin });
    const { items } = (await answer.json()) as { items: Item[] };
    return items.find((item) => item.rule === rule);
  }

  return {
    link,
    send: async (alerts) => {
      for (const format of new Set(alerts.map((alert) => alert.format))) {
        const records = alerts.filter((alert) => alert.format === format).map(({ record }) => record);
        // Waits for triage, so that its place in time is the one it is played at.
        await post(`${url}/api/v1/ingest/${format}`, records, { ...admin, Prefer: "wait=5" });
      }
    },
    act: async (act) => {
      const item = await worstOf(act);
      if (item === undefined) return;
      const session = { Cookie: await sessionOf(act.by), Origin: url };
      await post(`${url}/api/v1/items/${item.id}/${act.verb}`, act.input, session);
    },
  };
}

async function post(url: string, body: unknown, headers: Record<string, string>): Promise<Response> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}
