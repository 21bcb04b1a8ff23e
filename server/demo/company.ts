import * as v from "valibot";
import { Policy } from "../../shared/policy.ts";

/** A machine of the invented company; addresses are those of RFC 5737. */
export interface Machine {
  name: string;
  ip: string;
}

const machines = (prefix: string, count: number, firstByte: number): [Machine, ...Machine[]] => {
  const made = Array.from({ length: count }, (_, i) => ({
    name: `${prefix}-${i + 1}`,
    ip: `192.0.2.${firstByte + i}`,
  }));
  const [first, ...rest] = made;
  if (first === undefined) throw new Error(`${prefix} has no machine`);
  return [first, ...rest];
};

export const shop = machines("shop-prod", 6, 10);
export const databases = machines("db-prod", 2, 30);
export const bastions = machines("bastion-prod", 1, 40);
export const mail = machines("mail-prod", 2, 44);
export const staging = machines("shop-staging", 3, 140);
export const developers = machines("build-dev", 4, 200);
export const sensor = "sensor-edge";

export const staff = ["a.fischer", "j.okafor", "m.lindqvist", "p.novak", "s.haddad", "t.moreau"] as const;

/** Who plays the people on shift. */
export const analysts = ["Mara Lindqvist", "Jonas Okafor"] as const;
export type Analyst = (typeof analysts)[number];

export const demoPolicy: Policy = v.parse(Policy, {
  environments: [
    {
      name: "production",
      weight: 1,
      match: { names: ["prod"], hosts: ["*-prod-*"], networks: ["192.0.2.0/25"] },
    },
    {
      name: "staging",
      weight: 0.7,
      showFrom: "critical",
      match: { names: ["stage"], hosts: ["*-staging-*"], networks: ["192.0.2.128/26"] },
    },
    {
      name: "development",
      weight: 0.55,
      showFrom: "critical",
      match: { names: ["dev"], hosts: ["*-dev-*"], networks: ["192.0.2.192/26"] },
    },
  ],
  services: [
    {
      name: "shop",
      aliases: ["storefront"],
      hosts: ["shop-prod-*", "shop-staging-*"],
      owner: "Web team",
      risk: "HIGH",
      runbookUrl: "https://wiki.example.com/runbooks/shop",
    },
    { name: "customer-database", hosts: ["db-prod-*"], owner: "Data team", risk: "MAXIMUM" },
    { name: "mail", hosts: ["mail-prod-*"], owner: "Office IT", risk: "MEDIUM" },
    { name: "build", hosts: ["build-dev-*"], owner: "Platform team", risk: "LOW" },
  ],
});
