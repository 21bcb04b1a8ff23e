import type { LinkState } from "../lib/storage.ts";

interface GateProps {
  link: LinkState;
  waiting: number;
  onOptions: () => void;
}

const words = {
  "no-server": {
    text: "Tell Quietwatch which server holds your queue.",
    button: "Set up",
  },
  "signed-out": { text: "Sign in to see what needs you.", button: "Sign in" },
  "no-permission": {
    text: "The browser does not let Quietwatch reach your server.",
    button: "Allow it in the options",
  },
} as const;

function isGated(state: LinkState["state"]): state is keyof typeof words {
  return state in words;
}

/** What stands between the person and the queue, with the one button that leads on. */
export function Gate({ link, waiting, onOptions }: GateProps) {
  if (!isGated(link.state)) return null;
  const { text, button } = words[link.state];
  return (
    <section class="gate">
      <p>
        {link.because !== null && `${link.because} `}
        {text}
      </p>
      {waiting > 0 && <p>What you decided so far is kept and will be sent after that.</p>}
      <button type="button" class="main" onClick={onOptions}>
        {button}
      </button>
    </section>
  );
}
