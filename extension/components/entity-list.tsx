import { useState } from "preact/hooks";
import type { ItemDetail } from "../lib/api.ts";
import { showControls } from "../lib/show-controls.ts";

type DetailEntity = Pick<ItemDetail["allEntities"][number], "type" | "value" | "role"> & { alerts?: number };

function EntityLine({ entity }: { entity: DetailEntity }) {
  const [isCopied, setCopied] = useState(false);
  async function copy() {
    await navigator.clipboard.writeText(entity.value);
    setCopied(true);
  }
  return (
    <li data-entity={`${entity.type}:${entity.value}`}>
      <span class="entity-type">
        {entity.role === undefined ? entity.type : `${entity.type}, ${entity.role}`}
      </span>
      <span class="entity-value">{showControls(entity.value)}</span>
      <span class="entity-alerts">{entity.alerts}</span>
      <button type="button" class="small" aria-label={`Copy ${entity.value}`} onClick={copy}>
        {isCopied ? "Copied" : "Copy"}
      </button>
    </li>
  );
}

export function EntityList({ entities }: { entities: readonly DetailEntity[] }) {
  return (
    <ul class="entities">
      {entities.map((entity) => (
        <EntityLine key={`${entity.type}:${entity.value}:${entity.role}`} entity={entity} />
      ))}
    </ul>
  );
}
