import type { Alert } from "../../shared/alert.ts";

/** A label by a name that somebody chose: `constructor` is one only when the sender wrote it. */
export function labelOf({ labels }: Alert, name: string): string | undefined {
  return labels !== undefined && Object.hasOwn(labels, name) ? labels[name] : undefined;
}
