import { type Severity, severities } from "../../../shared/alert.ts";
import { type Band, bands } from "../../../shared/group.ts";

/** What narrows the list; stands in the address so that a view can be sent to a colleague. */
export interface Filters {
  environment: string[];
  severity: Severity[];
  band: Band[];
  hidden: boolean;
  status: "snoozed" | "resolved" | null;
  /** `type:value` of one entity. */
  entity: string;
  q: string;
}

export const tabs = ["need", "digest", "hidden", "snoozed", "resolved"] as const;
export type Tab = (typeof tabs)[number];

export const noFilters: Filters = {
  environment: [],
  severity: [],
  band: [],
  hidden: false,
  status: null,
  entity: "",
  q: "",
};

function known<T extends string>(all: readonly T[], given: readonly string[]): T[] {
  return all.filter((one) => given.includes(one));
}

export function filtersFrom(search: string): Filters {
  const query = new URLSearchParams(search);
  const status = query.get("status");
  return {
    environment: query.getAll("environment").filter((name) => name !== ""),
    severity: known(severities, query.getAll("severity")),
    band: known(bands, query.getAll("band")),
    hidden: query.get("hidden") === "only",
    status: status === "snoozed" || status === "resolved" ? status : null,
    entity: query.get("entity") ?? "",
    q: query.get("q") ?? "",
  };
}

export function queryOf(filters: Filters): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of ["environment", "severity", "band"] as const) {
    for (const value of filters[name]) query.append(name, value);
  }
  if (filters.hidden) query.set("hidden", "only");
  if (filters.status) query.set("status", filters.status);
  if (filters.entity) query.set("entity", filters.entity);
  if (filters.q.trim() !== "") query.set("q", filters.q.trim());
  return query;
}

export function tabOf(filters: Filters): Tab {
  if (filters.hidden) return "hidden";
  if (filters.status) return filters.status;
  const isBelow = filters.band.every((band) => band === "P4" || band === "P5");
  return filters.band.length > 0 && isBelow ? "digest" : "need";
}

/** The same filters in another tab; a band belongs to its tab and does not travel. */
export function inTab(filters: Filters, tab: Tab): Filters {
  return {
    ...filters,
    band: tab === "digest" ? ["P4"] : [],
    hidden: tab === "hidden",
    status: tab === "snoozed" || tab === "resolved" ? tab : null,
  };
}

/** Bands a tab lists when none is asked for. */
export function bandsShown(filters: Filters): readonly Band[] {
  if (filters.band.length > 0) return filters.band;
  return tabOf(filters) === "need" ? ["P1", "P2", "P3"] : bands;
}

/** The query for the server: the tab's bands are always said, because it leaves out P4 and P5 by itself. */
export function serverQuery(filters: Filters): URLSearchParams {
  const query = queryOf(filters);
  query.delete("band");
  for (const band of bandsShown(filters)) query.append("band", band);
  if (filters.status) query.set("hidden", "include");
  query.set("limit", "50");
  return query;
}

/** How many filters narrow the list beyond its tab. */
export function narrowing(filters: Filters): number {
  const { environment, severity, entity, q } = filters;
  const band = tabOf(filters) === "digest" ? 0 : filters.band.length;
  return environment.length + severity.length + band + (entity ? 1 : 0) + (q.trim() ? 1 : 0);
}
