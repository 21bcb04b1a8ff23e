import type { RoledEntity } from "./fit-alert.ts";
import { isIp, saysNothing } from "./ip-address.ts";

/** The project in a resource's name: `//compute.googleapis.com/projects/shop/zones/…`, `projects/shop/logs/…`. */
export function projectIn(name: string | undefined): string | undefined {
  return /(?:^|\/)projects\/([^/]+)(?:\/|$)/.exec(name ?? "")?.[1];
}

/** The bucket of a storage resource, or the machine of a compute one, by its full name. */
export function namedResource(name: string | undefined): RoledEntity[] {
  const bucket = /^(?:\/\/storage\.googleapis\.com\/|projects\/_\/buckets\/)([^/]+)/.exec(name ?? "")?.[1];
  const machine = /\/instances\/([^/]+)$/.exec(name ?? "")?.[1];
  return [
    { type: "url", value: bucket && `gs://${bucket}`, role: "target" },
    { type: "host", value: machine, role: "target" },
  ];
}

/** An address of a caller; Google writes words such as `private` where it does not tell. */
export function callerIp(text: string | undefined): RoledEntity[] {
  return text && isIp(text) && !saysNothing(text) ? [{ type: "ip", value: text, role: "actor" }] : [];
}

/** `user:ana@example.com`, `serviceAccount:…` as a user; groups of everybody are nobody in particular. */
export function memberUser(member: string | undefined): RoledEntity[] {
  const name = /^(?:user|serviceAccount|group):([^?]+)/.exec(member ?? "")?.[1];
  return [{ type: "user", value: name, role: "target" }];
}
