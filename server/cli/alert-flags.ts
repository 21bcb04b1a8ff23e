import * as v from "valibot";
import { AlertInput, type Entity } from "../../shared/alert.ts";
import { UsageError } from "./verb.ts";

/** Flags that make up one alert. */
export const alertFlags = {
  source: { type: "string" },
  rule: { type: "string" },
  title: { type: "string" },
  severity: { type: "string" },
  environment: { type: "string" },
  service: { type: "string" },
  description: { type: "string" },
  status: { type: "string" },
  "dedup-key": { type: "string" },
  technique: { type: "string", multiple: true },
  host: { type: "string", multiple: true },
  ip: { type: "string", multiple: true },
  user: { type: "string", multiple: true },
  label: { type: "string", multiple: true },
} as const;

export type AlertFlagValues = {
  [Name in keyof typeof alertFlags]?: (typeof alertFlags)[Name] extends { multiple: true }
    ? string[]
    : string;
};

/** The alert the flags describe; null when there is none of them. @throws UsageError */
export function alertFromFlags(values: AlertFlagValues): AlertInput | null {
  const given = Object.keys(alertFlags).filter((name) => name in values);
  if (given.length === 0) return null;
  const { technique, host = [], ip = [], user = [], label = [], "dedup-key": dedupKey, ...plain } = values;
  const entities: Entity[] = [
    ...host.map((value): Entity => ({ type: "host", value, role: "target" })),
    ...ip.map((value): Entity => ({ type: "ip", value })),
    ...user.map((value): Entity => ({ type: "user", value })),
  ];
  const result = v.safeParse(AlertInput, {
    ...plain,
    ...(dedupKey !== undefined && { dedupKey }),
    ...(technique !== undefined && { techniques: technique }),
    ...(entities.length > 0 && { entities }),
    ...(label.length > 0 && { labels: Object.fromEntries(label.map(pairOf)) }),
  });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const missing = issue.input === undefined;
  throw new UsageError(
    `--${v.getDotPath(issue) ?? "title"} ${missing ? "is missing" : `is wrong: ${issue.message}`}`,
  );
}

function pairOf(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError("--label takes NAME=VALUE");
  return [text.slice(0, at), text.slice(at + 1)];
}
