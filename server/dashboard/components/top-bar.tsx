import { isSourcesPage } from "../state/address.ts";
import { sentenceFor } from "../state/api.ts";
import { areKeysShown } from "../state/panel.ts";
import { canManagePolicy, me, signOut } from "../state/session.ts";
import { say } from "../state/toast.ts";
import { ConnectionState } from "./connection-state.tsx";
import { Key } from "./key.tsx";
import { visibleText } from "./visible-text.ts";

/** Nothing to choose from for somebody who sees one page. */
function PageLinks() {
  if (!canManagePolicy.value) return null;
  const pages = [
    ["/", "Queue", !isSourcesPage()],
    ["/sources", "Sources", isSourcesPage()],
  ] as const;
  return (
    <nav class="pages" aria-label="Pages">
      {pages.map(([href, name, isHere]) => (
        <a key={href} href={href} aria-current={isHere ? "page" : undefined}>
          {name}
        </a>
      ))}
    </nav>
  );
}

export function TopBar() {
  const person = me.value.phase === "ready" ? me.value.value : null;
  return (
    <header class="top-bar">
      <a class="brand" href="/">
        Quietwatch
      </a>
      <PageLinks />
      <ConnectionState />
      <span class="grow" />
      {person && (
        <span class="person" title={`Role: ${person.role}`}>
          {visibleText(person.name)}
        </span>
      )}
      {!isSourcesPage() && (
        <button
          type="button"
          class="quiet keys-button"
          onClick={() => {
            areKeysShown.value = true;
          }}
        >
          Keys
          <Key name="?" />
        </button>
      )}
      {person && (
        <button
          type="button"
          class="quiet"
          onClick={() => void signOut().catch((error) => say(sentenceFor(error), "failed"))}
        >
          Sign out
        </button>
      )}
    </header>
  );
}
