import { and, eq, ilike, inArray, isNotNull, isNull, or, type SQL, sql } from "drizzle-orm";
import { bands } from "../../../shared/group.ts";
import type { QueueQuery } from "../../../shared/queue.ts";
import type { Actor } from "../../context.ts";
import { item, itemEntity } from "../../db/schema.ts";
import { entityLookupKey } from "../entity-lookup-key.ts";
import { inScope } from "../scope.ts";

/** What limits the counts as well as the list: scope and every filter but band and hidden. */
export function baseFilter(actor: Actor, query: QueueQuery): SQL | undefined {
  return and(
    inScope(actor),
    query.flat ? eq(item.kind, "group") : and(isNull(item.rollupId), isNull(item.incidentId)),
    oneOf(item.environment, query.environment),
    oneOf(item.service, query.service),
    oneOf(item.source, query.source),
    oneOf(item.severity, query.severity),
    inArray(item.status, query.status ?? ["open", "acknowledged"]),
    ofAssignee(actor, query.assignee),
    ofEntity(query.entity),
    ofText(query.q),
  );
}

/** The list's own limits on top. */
export function listFilter(query: QueueQuery): SQL | undefined {
  const wanted = (query.band ?? ["P1", "P2", "P3"]).map((band) => bands.indexOf(band) + 1);
  return and(inArray(item.band, wanted), ofHidden(query.hidden));
}

function oneOf(
  column: typeof item.environment | typeof item.service | typeof item.source | typeof item.severity,
  values?: string[],
) {
  return values === undefined ? undefined : inArray(sql`${column}`, values);
}

function ofHidden(hidden: QueueQuery["hidden"]): SQL | undefined {
  if (hidden === "include") return undefined;
  return hidden === "only" ? isNotNull(item.hiddenBy) : isNull(item.hiddenBy);
}

function ofAssignee(actor: Actor, names?: string[]): SQL | undefined {
  if (names === undefined) return undefined;
  const people = names.filter((name) => name !== "none").map((name) => (name === "me" ? actor.name : name));
  return or(
    people.length === 0 ? undefined : inArray(item.assignee, people),
    names.includes("none") ? isNull(item.assignee) : undefined,
  );
}

function ofEntity(entity: QueueQuery["entity"]): SQL | undefined {
  if (entity === undefined) return undefined;
  return sql`${item.id} in (select ${itemEntity.itemId} from ${itemEntity} where ${itemEntity.type} = ${entity.type} and ${itemEntity.value} = ${entityLookupKey(entity.value)})`;
}

/** Every word somewhere in what a row shows. */
function ofText(text?: string): SQL | undefined {
  const words = text?.split(/\s+/).filter((word) => word !== "") ?? [];
  return and(
    ...words.map((word) => {
      const pattern = `%${word.replace(/[\\%_]/g, "\\$&")}%`;
      return or(
        ilike(item.title, pattern),
        ilike(item.source, pattern),
        ilike(item.rule, pattern),
        ilike(item.environment, pattern),
        ilike(item.service, pattern),
        sql`exists (select 1 from jsonb_array_elements(${item.entities}) as e where e ->> 'value' ilike ${pattern})`,
      );
    }),
  );
}
