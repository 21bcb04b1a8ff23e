import * as v from "valibot";
import { Severity } from "./alert.ts";

export const roles = ["viewer", "analyst", "lead", "admin", "detector"] as const;
export const Role = v.picklist(roles);
export type Role = v.InferOutput<typeof Role>;

/** What a credential may do; a role of a person stands for a set of them. */
export const scopeNames = [
  "alerts:write",
  "queue:read",
  "queue:act",
  "reports:read",
  "tokens:manage",
  "policy:manage",
  "data:export",
  "data:import",
] as const;
export const ScopeName = v.picklist(scopeNames);
export type ScopeName = v.InferOutput<typeof ScopeName>;

/** Environments or services an actor sees; null is all of them. */
export const Reach = v.nullable(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(128))));
export type Reach = v.InferOutput<typeof Reach>;

export const CreateTokenInput = v.object({
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(128)),
  scopes: v.pipe(v.array(ScopeName), v.minLength(1)),
  environments: v.optional(Reach, null),
  services: v.optional(Reach, null),
  severityCeiling: v.optional(v.nullable(Severity), null),
  /** A duration such as `30d`; at most a year. */
  expiresIn: v.optional(v.string(), "90d"),
});
export type CreateTokenInput = v.InferOutput<typeof CreateTokenInput>;

export interface TokenSummary {
  id: string;
  name: string;
  scopes: ScopeName[];
  environments: string[] | null;
  services: string[] | null;
  severityCeiling: string | null;
  createdAt: string;
  expiresAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
}

/** The secret is shown once, in the answer that creates it. */
export interface TokenCreated extends TokenSummary {
  token: string;
}

/** `GET /me`. */
export interface Me {
  id: string;
  name: string;
  role: Role;
  scopes: ScopeName[];
  environments: string[] | null;
  services: string[] | null;
}

export const DeviceInput = v.object({
  client_id: v.optional(v.pipe(v.string(), v.maxLength(128)), "quietwatch-extension"),
});
/** RFC 8628 section 3.2; `interval` and `expires_in` in seconds. */
export interface DeviceAnswer {
  device_code: string;
  user_code: string;
  verification_uri: string;
  verification_uri_complete: string;
  expires_in: number;
  interval: number;
}

export const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
export const TokenInput = v.variant("grant_type", [
  v.object({
    grant_type: v.literal(deviceGrant),
    device_code: v.string(),
    client_id: v.optional(v.string()),
  }),
  v.object({
    grant_type: v.literal("refresh_token"),
    refresh_token: v.string(),
    client_id: v.optional(v.string()),
  }),
]);
export type TokenInput = v.InferOutput<typeof TokenInput>;
/** RFC 6749 section 5.1; `expires_in` in seconds. */
export interface TokenAnswer {
  access_token: string;
  token_type: "Bearer";
  expires_in: number;
  refresh_token: string;
}
