import { useRef } from "preact/hooks";
import type { ServerAddress } from "../lib/address.ts";

interface AddressFormProps {
  server: string;
  problem: string | null;
  unsafe: ServerAddress | null;
  isBusy: boolean;
  onConnect: (text: string, evenUnsafe?: boolean) => void;
}

export function AddressForm({ server, problem, unsafe, isBusy, onConnect }: AddressFormProps) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onConnect(field.current?.value ?? "");
      }}
    >
      <label for="server">Server address</label>
      <div class="line">
        <input
          id="server"
          ref={field}
          type="url"
          placeholder="https://quietwatch.example.com"
          defaultValue={server}
          autocomplete="off"
          spellcheck={false}
          aria-describedby="server-hint"
          aria-invalid={problem !== null}
        />
        <button type="submit" class="main" disabled={isBusy}>
          Sign in
        </button>
      </div>
      <p id="server-hint" class="quiet">
        The browser will ask for this one server and no other page.
      </p>
      {problem !== null && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {unsafe !== null && (
        <div class="problem" role="alert">
          <p>
            The connection to <b>{unsafe.origin}</b> is not encrypted. Anyone on the way can read your alerts
            and take over your sign-in. Use https if there is a way.
          </p>
          <button type="button" onClick={() => onConnect(unsafe.origin, true)}>
            Use it unencrypted
          </button>
        </div>
      )}
    </form>
  );
}
