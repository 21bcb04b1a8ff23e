import { BlockList, isIP } from "node:net";

/** Whether an address lies in one of the networks, each exact or CIDR; what is neither matches nothing. */
export type NetworkMatcher = (address: string) => boolean;

export function networkMatcher(networks: readonly string[]): NetworkMatcher {
  if (networks.length === 0) return () => false;
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix, ...more] = network.split("/");
    const version = isIP(address);
    if (version === 0 || more.length > 0) continue;
    const family = version === 6 ? "ipv6" : "ipv4";
    if (prefix === undefined) list.addAddress(address, family);
    else if (isPrefix(prefix, version)) list.addSubnet(address, Number(prefix), family);
  }
  return (address) => {
    const version = isIP(address);
    return version !== 0 && list.check(address, version === 6 ? "ipv6" : "ipv4");
  };
}

function isPrefix(text: string, version: number): boolean {
  return /^\d{1,3}$/.test(text) && Number(text) <= (version === 6 ? 128 : 32);
}
