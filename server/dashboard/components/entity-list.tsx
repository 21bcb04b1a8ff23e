import { useState } from "preact/hooks";
import type { ItemDetail } from "../../../shared/group.ts";
import { changeFilters } from "../state/address.ts";
import { inTab, noFilters } from "../state/filters.ts";
import { count } from "./numbers.ts";
import { visibleText } from "./visible-text.ts";

const few = 10;

/** Everything the item is about; each is a way to the other items that name it. */
export function EntityList({ item }: { item: ItemDetail }) {
  const [isFull, setFull] = useState(false);
  const shown = isFull ? item.allEntities : item.allEntities.slice(0, few);
  const unkept = item.entityCount - item.allEntities.length;
  if (item.allEntities.length === 0) return <p class="muted">No host, address or account was named.</p>;
  return (
    <>
      <ul class="entities">
        {shown.map((entity) => (
          <li key={`${entity.type}:${entity.value}:${entity.role ?? ""}`}>
            <span class="muted">{entity.role ? `${entity.type}, ${entity.role}` : entity.type}</span>
            <button
              type="button"
              class="link hostile"
              title="Show every item that names it"
              onClick={() =>
                changeFilters({ ...inTab(noFilters, "need"), entity: `${entity.type}:${entity.value}` })
              }
            >
              {visibleText(entity.value)}
            </button>
          </li>
        ))}
      </ul>
      {item.allEntities.length > shown.length && (
        <button type="button" class="link" onClick={() => setFull(true)}>
          Show all {count(item.allEntities.length)}
        </button>
      )}
      {unkept > 0 && <p class="muted">{count(unkept)} more were named and are not listed.</p>}
    </>
  );
}
