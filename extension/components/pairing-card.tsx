import type { Pairing } from "../lib/storage.ts";
import { webAddress } from "../lib/web-address.ts";

interface PairingCardProps {
  pairing: Pairing;
  onOpen: (url: string) => void;
  onAgain: () => void;
  onCancel: () => void;
}

const ended = {
  denied: "The sign-in was refused on the approval page.",
  expired: "The code was not used in time.",
  failed: "The server ended this sign-in.",
  done: "Signed in.",
} as const;

/** The code to compare and the page to approve it on; goes on by itself once it is approved. */
export function PairingCard({ pairing, onOpen, onAgain, onCancel }: PairingCardProps) {
  if (pairing.state !== "waiting") {
    return (
      <section class="card" role="status">
        <p>
          {ended[pairing.state]} {pairing.because}
        </p>
        <button type="button" onClick={onAgain}>
          New code
        </button>
      </section>
    );
  }
  const host = webAddress(pairing.approvalUrl)?.host;
  return (
    <section class="card" aria-label="Sign-in under way">
      <p>Open the approval page, compare this code, and approve it.</p>
      <p class="code" data-user-code={pairing.userCode}>
        {pairing.userCode}
      </p>
      <div class="line">
        <button type="button" class="main" onClick={() => onOpen(pairing.approvalUrl)}>
          Open approval page
        </button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      </div>
      <p class="quiet" role="status">
        {pairing.because ?? `Waiting for the approval on ${host}.`}
      </p>
    </section>
  );
}
