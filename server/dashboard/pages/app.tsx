import { Notice } from "../components/notice.tsx";
import { PlainPage } from "../components/plain-page.tsx";
import { SignInHint } from "../components/sign-in-hint.tsx";
import { isSourcesPage } from "../state/address.ts";
import { isSignedOut } from "../state/api.ts";
import { loadMe, me } from "../state/session.ts";
import { NowPage } from "./now-page.tsx";
import { SourcesPage } from "./sources-page.tsx";

export function App() {
  if (isSignedOut.value) {
    return (
      <PlainPage title="Sign in">
        <SignInHint first="You are not signed in, or your session has ended." />
      </PlainPage>
    );
  }
  if (me.value.phase === "failed") {
    return (
      <PlainPage title="Quietwatch could not start">
        <Notice onRetry={() => void loadMe()}>{me.value.because}</Notice>
      </PlainPage>
    );
  }
  if (me.value.phase !== "ready") return <main aria-busy="true" />;
  return isSourcesPage() ? <SourcesPage /> : <NowPage />;
}
