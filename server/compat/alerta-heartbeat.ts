import { limits } from "../../shared/alert.ts";
import { type Heartbeat, longestIntervalMs, shortestIntervalMs } from "../../shared/heartbeat.ts";
import { cut } from "../adapters/fit-alert.ts";
import { textAt, textsAt } from "../adapters/text-field.ts";
import { storableText } from "../adapters/well-formed.ts";
import { InvalidError } from "../errors.ts";
import type { Beat } from "../services/heartbeats/beat.ts";

/** Alerta's own, in seconds. */
const defaultTimeout = 86_400;
const maxLatency = 2_000;

/** @throws InvalidError in Alerta's own sentences */
export function readAlertaHeartbeat(sent: Record<string, unknown>): Beat {
  const { tags = [], timeout } = sent;
  if (!Array.isArray(tags)) throw new InvalidError("tags must be a list");
  if (timeout !== undefined && timeout !== null && !Number.isInteger(timeout)) {
    throw new InvalidError("timeout must be an integer");
  }
  const origin = textAt(sent, "origin")?.trim();
  if (origin === undefined) throw new InvalidError('Missing mandatory value for "origin"');
  const asked = (typeof timeout === "number" && timeout > 0 ? timeout : defaultTimeout) * 1_000;
  const environment = textAt(sent, "attributes.environment");
  const service = textsAt(sent, "attributes.service")[0];
  return {
    detector: fitted(origin, limits.source),
    tags: textsAt(sent, "tags")
      .slice(0, limits.labels)
      .map((tag) => fitted(tag, limits.labelValue)),
    intervalMs: Math.min(longestIntervalMs, Math.max(shortestIntervalMs, asked)),
    environment: environment && fitted(environment, limits.environment),
    service: service && fitted(service, limits.service),
  };
}

const fitted = (text: string, longest: number) => cut(storableText(text.trim()), longest);

/** A heartbeat as Alerta serializes one. */
export function alertaHeartbeat(beat: Heartbeat, now: number): Record<string, unknown> {
  return {
    id: beat.id,
    href: `/compat/alerta/api/heartbeat/${beat.id}`,
    origin: beat.detector,
    tags: beat.tags,
    attributes: {
      ...(beat.environment !== null && { environment: beat.environment }),
      ...(beat.service !== null && { service: [beat.service] }),
    },
    type: "Heartbeat",
    createTime: beat.lastSeen,
    timeout: beat.intervalSeconds,
    maxLatency,
    receiveTime: beat.lastSeen,
    customer: null,
    latency: 0,
    since: Math.max(0, Math.floor((now - Date.parse(beat.lastSeen)) / 1_000)),
    status: beat.late ? "expired" : "ok",
  };
}
