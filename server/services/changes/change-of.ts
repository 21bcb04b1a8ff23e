import type { Change } from "../../../shared/change.ts";
import type { change } from "../../db/sender-tables.ts";

/** A stored change as clients see it. */
export function changeOf(row: typeof change.$inferSelect): Change {
  return {
    id: row.id,
    title: row.title,
    environment: row.environment,
    service: row.service,
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    links: row.links.filter(({ href }) => /^https?:\/\//i.test(href)),
    source: row.source,
    details: row.details,
    announcedBy: row.announcedBy,
    announcedAt: row.at.toISOString(),
  };
}
