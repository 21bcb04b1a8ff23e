import type { TokenSummary } from "../../../shared/access.ts";
import type { credential } from "../../db/schema.ts";

export function tokenSummary(row: typeof credential.$inferSelect): TokenSummary {
  const { id, name, scopes, environments, services, severityCeiling } = row;
  return {
    id,
    name,
    scopes,
    environments,
    services,
    severityCeiling,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  };
}
