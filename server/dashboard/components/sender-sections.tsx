import { useEffect } from "preact/hooks";
import { useNow } from "../../../shared/ui/use-now.ts";
import { followSenders } from "../state/senders.ts";
import { WhatWasRefused } from "./what-was-refused.tsx";
import { WhoSends } from "./who-sends.tsx";

/** Who sends, and what of it was not taken. */
export function SenderSections() {
  const now = useNow();
  useEffect(followSenders, []);
  return (
    <section class="columns senders" aria-label="Senders">
      <WhoSends now={now} />
      <WhatWasRefused now={now} />
    </section>
  );
}
