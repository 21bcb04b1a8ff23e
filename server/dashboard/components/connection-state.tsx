import { connection } from "../state/live.ts";

const words = { connecting: "Connecting…", live: "Live", lost: "Reconnecting…" } as const;

export function ConnectionState() {
  const state = connection.value;
  return (
    <span class={`connection connection-${state}`} role="status">
      <span class="dot" aria-hidden="true" />
      {words[state]}
      {state === "lost" && <span class="connection-more"> What you see may be out of date.</span>}
    </span>
  );
}
