import { ServiceError } from "../errors.ts";

interface Addressed {
  origin: string | undefined;
  host: string | undefined;
  publicUrl: string | null;
}

/** Whether an `Origin` header names the server that the request was sent to. */
function isOwnOrigin({ origin, host, publicUrl }: Addressed): boolean {
  if (origin === undefined || !URL.canParse(origin)) return false;
  const from = new URL(origin);
  if (publicUrl !== null) {
    const own = new URL(publicUrl);
    // The scheme counts here: whoever can forge a page of the plain http twin must not speak for the https one.
    if (from.host === own.host) return from.protocol === own.protocol;
  }
  return /^https?:$/.test(from.protocol) && from.host === host;
}

/** @throws ServiceError `origin_refused` */
export function requireOwnOrigin(addressed: Addressed): void {
  if (isOwnOrigin(addressed)) return;
  throw new ServiceError("origin_refused", "this request did not come from Quietwatch's own pages");
}
