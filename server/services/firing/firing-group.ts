import type { Link } from "../../../shared/alert.ts";
import type { Hidden } from "../../../shared/group.ts";
import type { item } from "../../db/schema.ts";

type ItemRow = typeof item.$inferSelect;

/** A group that fires now, as clients that know alerts by their labels see it. */
export interface FiringGroup {
  id: string;
  fingerprint: string;
  rule: string;
  title: string;
  description: string | null;
  labels: Record<string, string>;
  links: Link[];
  firstSeen: Date;
  lastSeen: Date;
  /** When it lapses unless it is repeated; null is never. */
  firingUntil: Date | null;
  hidden: Hidden | null;
  /** The newest alert of it as it was sent, where its format is known by labels. */
  posted: PostedAlert | null;
}

/** One alert of a sender that knows alerts by their labels. */
export interface PostedAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string | null;
  generatorURL: string | null;
}

/** Sources whose alerts are known by their labels. */
export const labelledSources: readonly string[] = ["alertmanager", "grafana"];

/** Fields that may stand beside the labels. */
export const shownFields: readonly string[] = ["source", "severity", "environment", "service"];

type LabelSource = Pick<ItemRow, "source" | "rule" | "severity" | "environment" | "service" | "labels">;

/** The sender's labels; where its format has none that name an alert, our own fields stand beside them. */
export function labelsShown(row: LabelSource): Record<string, string> {
  const { source, rule, severity, environment, service, labels } = row;
  if (labelledSources.includes(source)) return labels;
  const own = { alertname: rule, source, severity, environment, ...(service !== null && { service }) };
  return { ...own, ...labels };
}
