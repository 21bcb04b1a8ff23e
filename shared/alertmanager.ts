import * as v from "valibot";
import { Time } from "./alert.ts";
import { many } from "./queue.ts";
import { SilenceMatcher, silenceLimits } from "./silence.ts";

const Texts = v.record(v.string(), v.string());
const Receiver = v.object({ name: v.string() });
const word = v.pipe(v.string(), v.maxLength(2_048));

/** A silence as a client of the stand-in posts it; with an `id` it edits that one. */
export const PostableSilence = v.object({
  id: v.nullish(v.string(), ""),
  matchers: v.pipe(v.array(SilenceMatcher), v.minLength(1), v.maxLength(silenceLimits.matchers)),
  startsAt: Time,
  endsAt: Time,
  createdBy: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(128)),
  comment: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(silenceLimits.reason)),
});

/** A silence as the stand-in shows it. */
export const GettableSilence = v.object({
  id: v.string(),
  status: v.object({ state: v.picklist(["pending", "active", "expired"]) }),
  updatedAt: v.string(),
  comment: v.string(),
  createdBy: v.string(),
  startsAt: v.string(),
  endsAt: v.string(),
  matchers: v.array(SilenceMatcher),
});
export type GettableSilence = v.InferOutput<typeof GettableSilence>;

/** A group that fires as the stand-in shows an alert. */
export const GettableAlert = v.object({
  labels: Texts,
  annotations: Texts,
  startsAt: v.string(),
  endsAt: v.string(),
  updatedAt: v.string(),
  generatorURL: v.exactOptional(v.string()),
  fingerprint: v.string(),
  receivers: v.array(Receiver),
  status: v.object({
    state: v.picklist(["active", "suppressed"]),
    silencedBy: v.array(v.string()),
    inhibitedBy: v.array(v.string()),
    mutedBy: v.array(v.string()),
  }),
});
export type GettableAlert = v.InferOutput<typeof GettableAlert>;

export const GettableAlerts = v.array(GettableAlert);
export const GettableSilences = v.array(GettableSilence);
export const Receivers = v.array(Receiver);
export const AlertGroups = v.array(
  v.object({ labels: Texts, receiver: Receiver, alerts: v.array(GettableAlert) }),
);
export const SilenceId = v.object({ silenceID: v.string() });

export const AlertmanagerStatus = v.object({
  cluster: v.object({
    name: v.string(),
    status: v.picklist(["ready", "settling", "disabled"]),
    peers: v.array(v.object({ name: v.string(), address: v.string() })),
  }),
  versionInfo: v.object({
    version: v.string(),
    revision: v.string(),
    branch: v.string(),
    buildUser: v.string(),
    buildDate: v.string(),
    goVersion: v.string(),
  }),
  config: v.object({ original: v.string() }),
  uptime: v.string(),
});
export type AlertmanagerStatus = v.InferOutput<typeof AlertmanagerStatus>;

const Flag = v.optional(
  v.pipe(
    v.picklist(["true", "false"]),
    v.transform((text) => text === "true"),
  ),
  "true",
);

/** Matchers such as `severity="critical"`. */
export const FilterQuery = v.object({ filter: many(word) });

export const FiringAlertsQuery = v.object({
  active: Flag,
  silenced: Flag,
  inhibited: Flag,
  /** Taken and without effect: nothing that is listed waits for triage. */
  unprocessed: Flag,
  filter: many(word),
  /** A regular expression on the receiver's name. */
  receiver: v.optional(word),
  receiver_matchers: many(word),
});
