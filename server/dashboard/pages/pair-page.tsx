import { useEffect, useState } from "preact/hooks";
import { relativeTime } from "../../../shared/ui/relative-time.ts";
import { PlainPage } from "../components/plain-page.tsx";
import { visibleText } from "../components/visible-text.ts";
import { ApiError, api, isSignedOut, type PairingRequest, sentenceFor } from "../state/api.ts";
import { codeFrom } from "../state/pair-code.ts";

function problemOf(error: unknown): string {
  const isUnknown = error instanceof ApiError && (error.status === 404 || error.status === 422);
  return isUnknown
    ? "This code is not known or has expired. Start pairing again in the extension."
    : sentenceFor(error);
}

function CodeForm({
  code,
  isBusy,
  onCode,
}: {
  code: string;
  isBusy: boolean;
  onCode: (code: string) => void;
}) {
  const [text, setText] = useState(code);
  const full = codeFrom(text);
  return (
    <form
      class="code-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (full !== null) onCode(full);
      }}
    >
      <label for="code">Code shown in the extension</label>
      <input
        id="code"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        placeholder="ABCD-EFGH"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" disabled={full === null || isBusy}>
        Continue
      </button>
    </form>
  );
}

function Question({
  request,
  isBusy,
  onDecide,
}: {
  request: PairingRequest;
  isBusy: boolean;
  onDecide: (approve: boolean) => void;
}) {
  return (
    <>
      <p>
        <b class="hostile">{visibleText(request.client)}</b> asks to act as you: read the queue and decide
        about items.
      </p>
      <p>
        Approve only if it shows the code <b class="code">{request.userCode}</b> right now.
      </p>
      <p class="muted">The code is good for {relativeTime(request.expiresAt, Date.now())}.</p>
      <div class="buttons">
        <button type="button" class="main large" disabled={isBusy} onClick={() => onDecide(true)}>
          Approve
        </button>
        <button type="button" class="large" disabled={isBusy} onClick={() => onDecide(false)}>
          Deny
        </button>
      </div>
    </>
  );
}

function SignInFirst({ code }: { code: string }) {
  const next = `/pair${code === "" ? "" : `?code=${encodeURIComponent(code)}`}`;
  return (
    <PlainPage title="Pair a browser">
      <p>Sign in first, then this page can approve the code.</p>
      <p>
        <a href={`/sign-in?next=${encodeURIComponent(next)}`}>Sign in</a>
      </p>
    </PlainPage>
  );
}

export function PairPage({ code }: { code: string }) {
  const [request, setRequest] = useState<PairingRequest | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState("");
  const [isDone, setDone] = useState(false);

  async function attempt(run: () => Promise<void>) {
    setBusy(true);
    setSaid("");
    await run().catch((error) => setSaid(problemOf(error)));
    setBusy(false);
  }
  const look = (wanted: string) => attempt(async () => setRequest(await api.pairing(wanted)));
  const decide = (of: PairingRequest, approve: boolean) =>
    attempt(async () => {
      const answer = await api.decidePairing(of.userCode, approve);
      setDone(true);
      setSaid(
        answer.approved
          ? `${visibleText(answer.client)} is paired. You can close this page.`
          : "Denied. Nothing was paired. You can close this page.",
      );
    });
  useEffect(() => {
    const given = codeFrom(code);
    if (given === null) void attempt(async () => void (await api.me()));
    else void look(given);
  }, [code]);

  if (isSignedOut.value) return <SignInFirst code={codeFrom(code) ?? ""} />;
  return (
    <PlainPage title="Pair a browser">
      {!isDone && request === null && (
        <CodeForm code={code} isBusy={isBusy} onCode={(wanted) => void look(wanted)} />
      )}
      {!isDone && request !== null && (
        <Question request={request} isBusy={isBusy} onDecide={(approve) => void decide(request, approve)} />
      )}
      <p role="status" class="result">
        {said}
      </p>
    </PlainPage>
  );
}
