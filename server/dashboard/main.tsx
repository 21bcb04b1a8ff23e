import "../../shared/ui/tokens.css";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/queue.css";
import "./styles/rows.css";
import "./styles/overlay.css";
import "./styles/panel.css";
import "./styles/reports.css";
import "./styles/plain.css";
import "./styles/sources.css";
import "./styles/senders.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./pages/app.tsx";
import { isSignedOut } from "./state/api.ts";
import { loadMe, me } from "./state/session.ts";
import { start } from "./state/start.ts";

const root = document.getElementById("app");
if (root) render(<App />, root);

let stop: (() => void) | null = null;
effect(() => {
  const isIn = me.value.phase === "ready" && !isSignedOut.value;
  // Starting reads other signals, which must not start it again.
  queueMicrotask(() => {
    if (isIn && stop === null) stop = start();
    if (isSignedOut.value) {
      stop?.();
      stop = null;
    }
  });
});
void loadMe();
