import type { TrySourceAnswer, TrySourceInput } from "../../../shared/try-source.ts";
import { type Context, requireScope } from "../../context.ts";
import { InvalidError } from "../../errors.ts";
import { bodyKind } from "../../intake/body-kind.ts";
import { type EntryHeader, readEntry } from "../../intake/entry.ts";
import { entryAlerts } from "../export/entry-alerts.ts";
import { mappingIssues } from "../policy/read-document.ts";

const mostShown = 100;

/**
 * What intake would make of a sample with a format, or with a mapping that need not be saved; nothing is stored.
 * @throws InvalidError naming the expression; ServiceError unreadable, too_many_alerts
 */
export function trySource(ctx: Context, input: TrySourceInput): TrySourceAnswer {
  requireScope(ctx, "policy:manage");
  const issues = input.mapping === undefined ? [] : mappingIssues(input.mapping, "mapping");
  const [first] = issues;
  if (first !== undefined) throw new InvalidError(`${first.path}: ${first.message}`, issues);
  const body = Buffer.from(input.sample);
  return tried({ ...headerFor(ctx, input, body), actorId: ctx.actor.id, ceiling: null }, body);
}

type Kind = Omit<EntryHeader, "actorId" | "ceiling">;

function headerFor(ctx: Context, { sample, format, mapping }: TrySourceInput, body: Buffer): Kind {
  if (mapping !== undefined) return { format: "generic", type: jsonTypeOf(sample), mapping };
  const kind = bodyKind("text/plain", format, body);
  const type = kind.type === "json" ? jsonTypeOf(sample) : kind.type;
  const candidates = ctx.policy().intake.mappings.filter(({ match }) => match !== undefined);
  return { ...kind, type, ...(kind.format === "auto" && { candidates }) };
}

/** What was pasted has no content type: objects on lines of their own are JSON lines. */
function jsonTypeOf(sample: string): "json" | "ndjson" {
  const [first = "", ...rest] = sample.split("\n").filter((line) => line.trim() !== "");
  return rest.length > 0 && isJson(first) && rest.every((line) => /^\s*[{[]/.test(line)) ? "ndjson" : "json";
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}

function tried(header: EntryHeader, body: Buffer): TrySourceAnswer {
  const readings = readEntry({ header, body });
  const shown: TrySourceAnswer["alerts"] = [];
  for (const { place, alert, format } of entryAlerts({ header, body, base: 0, places: readings.length })) {
    // Whoever tries has the original before them.
    const { raw: _, hints, ...canonical } = alert;
    const native = hints?.nativeSeverity ?? null;
    if (shown.push({ index: place, format, nativeSeverity: native, alert: canonical }) === mostShown) break;
  }
  const rejected = readings.flatMap(({ reject }, index) =>
    reject === undefined ? [] : [{ index, ...reject }],
  );
  return {
    accepted: readings.length - rejected.length,
    rejectedCount: rejected.length,
    alerts: shown,
    rejected: rejected.slice(0, mostShown),
  };
}
