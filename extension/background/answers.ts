import { readAlerts, readItem, readMembers, readTimeline } from "../lib/api.ts";
import type { Connection } from "./connection.ts";
import type { Answers } from "./dispatch.ts";
import type { PairingDesk } from "./pairing.ts";
import type { Sender } from "./sender.ts";
import type { Session } from "./session.ts";

interface Rooms {
  connection: Connection;
  sender: Sender;
  session: Session;
  desk: PairingDesk;
  signOut: () => Promise<void>;
}

function done(work: Promise<void>): Promise<null> {
  return work.then(() => null);
}

/** What the background does for each message of a page. */
export function createAnswers({ connection, sender, session, desk, signOut }: Rooms): Answers {
  return {
    hello: async () => {
      connection.ensure();
      return null;
    },
    act: ({ entry }) => done(sender.add(entry)),
    undo: ({ key }) => done(sender.undo(key)),
    retry: ({ key }) => done(sender.retry(key)),
    discard: ({ key }) => done(sender.discard(key)),
    "read-item": ({ id }) => session.authorized((call) => readItem(call, id)),
    "read-timeline": async ({ id }) => (await session.authorized((call) => readTimeline(call, id))).items,
    "read-alerts": ({ id, cursor }) => session.authorized((call) => readAlerts(call, id, cursor)),
    "read-members": async ({ id }) => (await session.authorized((call) => readMembers(call, id))).items,
    pair: ({ server }) => done(desk.start(server)),
    "cancel-pairing": () => done(desk.cancel()),
    "sign-out": () => done(signOut()),
  };
}
