import { useState } from "preact/hooks";
import { PlainPage } from "../components/plain-page.tsx";
import { SignInHint } from "../components/sign-in-hint.tsx";
import { ApiError, api, sentenceFor } from "../state/api.ts";

interface SignInPageProps {
  token: string;
  next: string;
  go: (path: string) => void;
}

function isLinkRefused(error: unknown): boolean {
  return error instanceof ApiError && error.status < 500;
}

/** A button, not a redirect: programs that open links of a mail must not use the link up. */
export function SignInPage({ token, next, go }: SignInPageProps) {
  const [isBusy, setBusy] = useState(false);
  const [isUsed, setUsed] = useState(false);
  const [problem, setProblem] = useState("");

  async function signIn() {
    setBusy(true);
    setProblem("");
    try {
      await api.signIn(token);
      go(next);
    } catch (error) {
      if (isLinkRefused(error)) setUsed(true);
      else setProblem(sentenceFor(error));
      setBusy(false);
    }
  }

  if (token === "" || isUsed) {
    const first = isUsed ? "This link has been used or has expired." : "You need a sign-in link to get in.";
    return (
      <PlainPage title="Sign in">
        <div role="status">
          <SignInHint first={first} />
        </div>
      </PlainPage>
    );
  }
  return (
    <PlainPage title="Sign in">
      <p>This link signs you in on this browser.</p>
      <button type="button" class="main large" disabled={isBusy} onClick={() => void signIn()}>
        Sign in
      </button>
      <p role="status" class="problem">
        {problem}
      </p>
    </PlainPage>
  );
}
