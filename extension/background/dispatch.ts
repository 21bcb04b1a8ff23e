import type { Message, MessageName, Messages } from "../messages.ts";

export type Answers = { [N in MessageName]: (message: Message<N>) => Promise<Messages[N]["answer"]> };

function isNamed(message: unknown): message is { type: string } {
  return (
    typeof message === "object" && message !== null && "type" in message && typeof message.type === "string"
  );
}

/**
 * The only listener for messages: undefined for what it does not know, since a second listener's promise
 * would answer in its place.
 */
export function createDispatch(
  answers: Answers,
  ready: Promise<void>,
): (message: unknown) => Promise<unknown> | undefined {
  // Only this extension's pages can send here, and they send what `Messages` says.
  const known = new Map(Object.entries(answers) as [string, (message: unknown) => Promise<unknown>][]);
  return (message) => {
    const answer = isNamed(message) ? known.get(message.type) : undefined;
    return answer === undefined ? undefined : ready.then(() => answer(message));
  };
}
