import type { Entity } from "../../shared/alert.ts";

/** Names an entity regardless of its role. */
export function entityKey({ type, value }: Pick<Entity, "type" | "value">): string {
  return `${type}:${value}`;
}
