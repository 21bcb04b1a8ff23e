import * as v from "valibot";
import {
  type DeviceAnswer,
  type Me,
  Role,
  ScopeName,
  type TokenAnswer,
  type TokenCreated,
  type TokenSummary,
} from "../../shared/access.ts";
import type { ActionAnswer, BulkAnswer, UndoAnswer } from "../../shared/actions.ts";
import { type IntakeAnswer, Severity } from "../../shared/alert.ts";
import { Item, type StoredAlert, type TimelineEntry } from "../../shared/group.ts";
import type { FunnelReport, GridReport } from "../../shared/report.ts";
import type { PairingDecision } from "../services/access/approve-pairing.ts";
import type { SignInLink } from "../services/access/create-sign-in-link.ts";
import type { PairingRequest } from "../services/access/show-pairing.ts";
import { schemaOf } from "./schema-of.ts";

const names = v.nullable(v.array(v.string()));
const maybeText = v.nullable(v.string());
const count = v.pipe(v.number(), v.integer());

const intakeAnswer = v.object({
  accepted: count,
  rejected: v.array(v.object({ index: count, code: v.string(), message: v.string() })),
  receipt: v.string(),
  groups: v.exactOptional(
    v.array(v.object({ index: count, group: v.string(), created: v.boolean(), band: v.string() })),
  ),
});

const bulkAnswer = v.object({
  actionId: v.string(),
  results: v.array(
    v.object({
      id: v.string(),
      ok: v.boolean(),
      version: v.exactOptional(count),
      error: v.exactOptional(v.object({ code: v.string(), message: v.string() })),
    }),
  ),
});

const storedAlert = v.object({
  id: v.string(),
  group: maybeText,
  receivedAt: v.string(),
  occurredAt: v.string(),
  format: v.string(),
  source: v.string(),
  rule: v.string(),
  title: v.string(),
  severity: Severity,
  description: maybeText,
  original: v.string(),
});

const timelineEntry = v.object({
  id: v.string(),
  at: v.string(),
  actor: v.string(),
  event: v.string(),
  because: v.string(),
  actionId: maybeText,
  undone: v.boolean(),
});

const funnelReport = v.object({
  from: v.string(),
  to: v.string(),
  received: count,
  groups: count,
  shown: count,
  acted: count,
  real: count,
  hidden: count,
});

const gridReport = v.object({
  rows: v.array(
    v.object({
      environment: v.string(),
      mapped: v.boolean(),
      critical: count,
      high: count,
      medium: count,
      low: count,
      info: count,
      hidden: count,
    }),
  ),
});

const tokenSummary = v.object({
  id: v.string(),
  name: v.string(),
  scopes: v.array(ScopeName),
  environments: names,
  services: names,
  severityCeiling: maybeText,
  createdAt: v.string(),
  expiresAt: v.string(),
  lastUsedAt: maybeText,
  revokedAt: maybeText,
});

const me = v.object({
  id: v.string(),
  name: v.string(),
  role: Role,
  scopes: v.array(ScopeName),
  environments: names,
  services: names,
});

const deviceAnswer = v.object({
  device_code: v.string(),
  user_code: v.string(),
  verification_uri: v.string(),
  verification_uri_complete: v.string(),
  expires_in: count,
  interval: count,
});

const tokenAnswer = v.object({
  access_token: v.string(),
  token_type: v.literal("Bearer"),
  expires_in: count,
  refresh_token: v.string(),
});

const pairingRequest = v.object({
  client: v.string(),
  userCode: v.string(),
  status: v.picklist(["pending", "approved", "denied", "used"]),
  createdAt: v.string(),
  expiresAt: v.string(),
});

const signInLink = v.object({ url: v.string(), name: v.string(), role: Role, expiresAt: v.string() });

/** Schemas of the answers that are interfaces elsewhere; the compiler holds each to its interface. */
export const answers = {
  IntakeAnswer: schemaOf<IntakeAnswer>()(intakeAnswer),
  ActionAnswer: schemaOf<ActionAnswer>()(v.object({ actionId: v.string(), item: Item })),
  BulkAnswer: schemaOf<BulkAnswer>()(bulkAnswer),
  UndoAnswer: schemaOf<UndoAnswer>()(v.object({ actionId: v.string(), items: v.array(Item) })),
  StoredAlert: schemaOf<StoredAlert>()(storedAlert),
  TimelineEntry: schemaOf<TimelineEntry>()(timelineEntry),
  FunnelReport: schemaOf<FunnelReport>()(funnelReport),
  GridReport: schemaOf<GridReport>()(gridReport),
  TokenSummary: schemaOf<TokenSummary>()(tokenSummary),
  TokenCreated: schemaOf<TokenCreated>()(v.object({ ...tokenSummary.entries, token: v.string() })),
  Me: schemaOf<Me>()(me),
  DeviceAnswer: schemaOf<DeviceAnswer>()(deviceAnswer),
  TokenAnswer: schemaOf<TokenAnswer>()(tokenAnswer),
  PairingRequest: schemaOf<PairingRequest>()(pairingRequest),
  PairingDecision: schemaOf<PairingDecision>()(v.object({ client: v.string(), approved: v.boolean() })),
  SignInLink: schemaOf<SignInLink>()(signInLink),
};
