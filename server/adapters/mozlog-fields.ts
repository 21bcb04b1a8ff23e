import { endpointOf, saysNothing } from "./ip-address.ts";

const addressNames = [
  "remoteAddressChain",
  "xff",
  "remoteAddress",
  "remote_addr",
  "remote_ip",
  "client_ip",
  "ip",
];

/** The caller: the first address of a chain, which comes as a list, as JSON in a text, or with commas between. */
export function callerIn(fields: ReadonlyMap<string, string>): string | undefined {
  for (const name of addressNames) {
    const chain =
      fields
        .get(name)
        ?.replace(/[[\]"]/g, "")
        .split(",") ?? [];
    const ips = chain.map((text) => endpointOf(text.trim())?.ip);
    const caller = ips.find((ip) => ip !== undefined && !saysNothing(ip));
    if (caller) return caller;
  }
  return undefined;
}

/** An identifier of nothing but zeros is how services write that nobody is signed in. */
export function userIn(fields: ReadonlyMap<string, string>): string | undefined {
  const names = ["username", "user", "uid", "user_id"].map((name) => fields.get(name));
  return names.find((name) => name !== undefined && !/^[0-]+$/.test(name));
}

/** Without the numbers in it, as `/v1/account/17` becomes `/v1/account/*`: an endpoint is one thing whoever asks. */
export function endpointPath(path: string | undefined): string | undefined {
  const bare = path?.split(/[?#]/, 1)[0];
  return bare?.replace(/(?<=\/)(?:\d+|[0-9a-f-]{16,})(?=\/|$)/gi, "*");
}
