import { AddressForm } from "../components/address-form.tsx";
import { PairingCard } from "../components/pairing-card.tsx";
import { openTab } from "../lib/open-tab.ts";
import { waiting } from "../state/decide.ts";
import { cancelPairing, connect, isBusy, problem, signOut, unsafe } from "../state/sign-in.ts";
import { link, pairing, person, server } from "../state/stored.ts";

const blocked = ["signed-out", "no-server"];

function waitingText(count: number): string {
  return count === 1 ? "1 action waits to be sent." : `${count} actions wait to be sent.`;
}

function SignedIn() {
  const count = waiting.value.length;
  return (
    <section class="card" aria-label="Signed in">
      <p>
        Signed in as <b>{person.value?.name ?? "…"}</b>
        <br />
        <span class="quiet">on {server.value}</span>
      </p>
      {link.value.state === "offline" && (
        <p class="problem" role="status">
          The server cannot be reached now.
        </p>
      )}
      {link.value.state === "no-permission" && (
        <div class="problem" role="status">
          <p>The browser does not let Quietwatch reach this server.</p>
          <button type="button" onClick={() => connect(server.value ?? "")}>
            Allow and sign in again
          </button>
        </div>
      )}
      {count > 0 && <p>{waitingText(count)} They stay here, also when you sign out.</p>}
      <button type="button" disabled={isBusy.value} onClick={signOut}>
        Sign out
      </button>
    </section>
  );
}

function SignedOut() {
  const underWay = pairing.value;
  return (
    <>
      {link.value.because !== null && link.value.state === "signed-out" && (
        <p class="problem" role="status">
          {link.value.because}
        </p>
      )}
      {waiting.value.length > 0 && (
        <p>{waitingText(waiting.value.length)} They will be sent after you sign in.</p>
      )}
      {underWay === null ? (
        <AddressForm
          server={server.value ?? ""}
          problem={problem.value}
          unsafe={unsafe.value}
          isBusy={isBusy.value}
          onConnect={connect}
        />
      ) : (
        <PairingCard
          pairing={underWay}
          onOpen={(url) => void openTab(url)}
          onAgain={() => connect(underWay.server, true)}
          onCancel={cancelPairing}
        />
      )}
    </>
  );
}

export function Options() {
  const isSignedOut = blocked.includes(link.value.state) || link.value.state === "starting";
  return (
    <main>
      <h1>Quietwatch</h1>
      <p class="quiet">The few alerts that need you, from the one server you name here.</p>
      {isSignedOut || pairing.value !== null ? <SignedOut /> : <SignedIn />}
      <h2>Good to know</h2>
      <ul class="quiet">
        <li>Quietwatch talks to this server only. It reads no page you visit.</li>
        <li>Alt Shift Q opens the queue from any page; browsers let you change that.</li>
        <li>What you decide without a connection is kept and sent once, later.</li>
      </ul>
    </main>
  );
}
