import * as v from "valibot";
import { Link } from "../../shared/alert.ts";
import { type Change, ChangeInput } from "../../shared/change.ts";
import { type Heartbeat, HeartbeatInput } from "../../shared/heartbeat.ts";
import { schemaOf } from "./schema-of.ts";

const maybeText = v.nullable(v.string());

const heartbeat = schemaOf<Heartbeat>()(
  v.object({
    id: v.string(),
    detector: v.string(),
    environment: maybeText,
    service: maybeText,
    tags: v.array(v.string()),
    intervalSeconds: v.number(),
    firstSeen: v.string(),
    lastSeen: v.string(),
    late: v.boolean(),
    silentSince: maybeText,
    sentBy: v.string(),
  }),
);

const change = schemaOf<Change>()(
  v.object({
    id: v.string(),
    title: v.string(),
    environment: maybeText,
    service: maybeText,
    startsAt: v.string(),
    endsAt: v.string(),
    links: v.array(Link),
    source: maybeText,
    details: v.record(v.string(), v.string()),
    announcedBy: v.string(),
    announcedAt: v.string(),
  }),
);

export const senderInputs = { HeartbeatInput, ChangeInput };

export const senderOutputs = {
  Heartbeat: heartbeat,
  HeartbeatPage: v.object({ items: v.array(heartbeat), next: v.nullable(v.string()) }),
  Change: change,
  ChangePage: v.object({ items: v.array(change), next: v.nullable(v.string()) }),
};
