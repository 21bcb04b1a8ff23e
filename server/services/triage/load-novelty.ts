import { sql } from "drizzle-orm";
import type { Queryable } from "../../db/client.ts";
import { detector } from "../../db/schema.ts";
import type { Content } from "../../triage/content.ts";
import type { Novelty } from "../../triage/group-state.ts";

/** What is known of the detectors of alerts that begin a group; asking remembers, as the log's order demands. */
export async function loadNovelty(
  db: Queryable,
  contents: readonly Content[],
): Promise<(content: Pick<Content, "alert" | "placement">) => Novelty> {
  const sources = [...new Set(contents.map(({ alert }) => alert.source))];
  const rules = [...new Set(contents.map(({ alert }) => alert.rule))];
  const rows =
    rules.length === 0
      ? []
      : await db
          .select({ source: detector.source, rule: detector.rule, environment: detector.environment })
          .from(detector)
          .where(
            sql`${detector.source} = any(${sql.param(sources)}::text[]) and ${detector.rule} = any(${sql.param(rules)}::text[])`,
          );
  return noveltyMemory(rows);
}

/** Answers whether a detector is new, and knows it from then on. */
export function noveltyMemory(
  known: readonly { source: string; rule: string; environment: string }[],
): (content: Pick<Content, "alert" | "placement">) => Novelty {
  const detectors = new Set<string>();
  const places = new Set<string>();
  const remember = (source: string, rule: string, environment: string) => {
    detectors.add(JSON.stringify([source, rule]));
    places.add(JSON.stringify([source, rule, environment]));
  };
  for (const { source, rule, environment } of known) remember(source, rule, environment);
  return ({ alert: { source, rule }, placement: { environment } }) => {
    const isKnown = detectors.has(JSON.stringify([source, rule]));
    const isKnownHere = places.has(JSON.stringify([source, rule, environment]));
    remember(source, rule, environment);
    if (!isKnown) return "detector";
    return isKnownHere ? "none" : "environment";
  };
}
