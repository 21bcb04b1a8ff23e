import { createModel } from "../../extension/background/model.ts";
import { Sender } from "../../extension/background/sender.ts";
import { Session } from "../../extension/background/session.ts";
import type { LocalValues, SessionValues } from "../../extension/lib/storage.ts";
import { memoryOutbox, memoryValues } from "./memory.ts";

/** The background's rooms wired as in the browser, on a clock the test moves. */
export function backgroundRooms(server: string, signIn: Partial<LocalValues> = {}) {
  const clock = { now: 1_000_000 };
  const now = () => clock.now;
  const local = memoryValues<LocalValues>({ server, person: { id: "p1", name: "Robin" }, ...signIn });
  const access = { token: "access-1", expiresAt: now() + 3_600_000 };
  const values = memoryValues<SessionValues>({ access });
  const model = createModel({ local, session: values, now, paint: () => undefined });
  const session = new Session({ local, session: values, fetch, now });
  const store = memoryOutbox();
  let signedOut = 0;
  let keys = 0;
  const sender = new Sender({
    store,
    session,
    model,
    now,
    random: () => 0.5,
    newKey: () => {
      keys += 1;
      return `new-key-${keys}`;
    },
    onSignedOut: () => {
      signedOut += 1;
    },
  });
  return { clock, now, local, values, model, session, store, sender, signedOut: () => signedOut };
}
