import { freshEntry, type OutboxEntry } from "../../extension/lib/outbox.ts";
import type { Snapshot } from "../../extension/lib/snapshot.ts";
import type { Item } from "../../shared/group.ts";

export function itemOf(part: Partial<Item> = {}): Item {
  return {
    id: "item-1",
    kind: "group",
    version: 1,
    title: "Web shell ran commands on web-03.example.com",
    source: "falco",
    rule: "shell_in_web_server",
    severity: "critical",
    environment: "production",
    service: "checkout",
    band: "P1",
    score: 91,
    factors: [
      { name: "severity", points: 40, because: "Severity is critical" },
      { name: "novelty", points: 6, because: "First time ever for falco / shell_in_web_server" },
    ],
    status: "open",
    cleared: false,
    hidden: null,
    episode: 1,
    count: 4,
    occurrences: 4,
    memberCount: 1,
    entityCount: 1,
    entities: [{ type: "host", value: "web-03.example.com", role: "target" }],
    firstSeen: "2026-03-02T09:00:00Z",
    lastSeen: "2026-03-02T09:40:00Z",
    assignee: null,
    acknowledgedBy: null,
    acknowledgedAt: null,
    snoozedUntil: null,
    verdict: null,
    techniques: ["T1505.003"],
    noteCount: 0,
    evidenceCount: 0,
    runbookUrl: null,
    changeId: null,
    rollupId: null,
    incidentId: null,
    drill: false,
    ...part,
  };
}

export function snapshotOf(items: Item[], part: Partial<Snapshot> = {}): Snapshot {
  const counts = { P1: 0, P2: 0, P3: 0, P4: 12, P5: 0, hidden: 412 };
  return { items, counts, version: 1, etag: null, more: false, at: 0, left: {}, ...part };
}

export function entryOf(part: Partial<OutboxEntry> = {}): OutboxEntry {
  const made = {
    key: `key-${part.seq ?? 1}`,
    decision: { action: "acknowledge" as const, input: {} },
    before: itemOf(),
    madeAt: 1_000,
  };
  return { ...freshEntry(made, { server: "https://a.example.com", person: "p1" }), seq: 1, ...part };
}
