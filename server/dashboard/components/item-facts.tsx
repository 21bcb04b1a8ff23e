import type { ComponentChildren } from "preact";
import type { ItemDetail } from "../../../shared/group.ts";
import { exactTime } from "../../../shared/ui/relative-time.ts";
import { TimeAgo } from "../../../shared/ui/time-ago.tsx";
import { verdictLabel } from "../../../shared/ui/verdict-label.ts";
import { counted } from "./numbers.ts";
import { SafeLink } from "./safe-link.tsx";
import { visibleText } from "./visible-text.ts";

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="hostile">{children}</dd>
    </div>
  );
}

/** The heading shows five lines. */
const cutTitleAt = 120;

function statusOf(item: ItemDetail): string {
  if (item.status === "snoozed") return `snoozed until ${exactTime(item.snoozedUntil ?? "")}`;
  if (item.status === "acknowledged") return `acknowledged by ${item.acknowledgedBy ?? "somebody"}`;
  if (item.status === "resolved")
    return `resolved${item.resolvedBy ? ` by ${item.resolvedBy}` : " by itself"}`;
  return item.cleared ? "open, cleared by its sender" : "open";
}

function Decided({ item }: { item: ItemDetail }) {
  return (
    <>
      <Fact name="status">{visibleText(statusOf(item))}</Fact>
      {item.verdict && (
        <Fact name="verdict">
          {verdictLabel[item.verdict]}
          {item.verdictReason && `: ${visibleText(item.verdictReason)}`}
        </Fact>
      )}
      <Fact name="owner">{item.assignee === null ? "nobody" : visibleText(item.assignee)}</Fact>
    </>
  );
}

function size(item: ItemDetail): string {
  const folded = item.occurrences === item.count ? "" : `, ${counted(item.occurrences, "occurrence")}`;
  const members = item.kind === "group" ? "" : `, ${counted(item.memberCount, "group")}`;
  const episode = item.episode > 1 ? `, episode ${item.episode}` : "";
  return counted(item.count, "alert") + folded + members + episode;
}

/** Who, where, when and how much, in the fewest lines. */
export function ItemFacts({ item, now }: { item: ItemDetail; now: number }) {
  return (
    <dl class="facts">
      {item.title.length > cutTitleAt && <Fact name="full title">{visibleText(item.title)}</Fact>}
      <Decided item={item} />
      <Fact name="environment">
        {visibleText(item.environment)}
        <span class="muted"> {visibleText(item.environmentBecause)}</span>
      </Fact>
      {item.service && <Fact name="service">{visibleText(item.service)}</Fact>}
      <Fact name="detector">
        {visibleText(item.source)} / {visibleText(item.rule)}
      </Fact>
      <Fact name="severity">
        {item.severity}
        {item.nativeSeverity && <span class="muted"> sent as {visibleText(item.nativeSeverity)}</span>}
      </Fact>
      <Fact name="size">{size(item)}</Fact>
      <Fact name="seen">
        first <TimeAgo at={item.firstSeen} now={now} />, last <TimeAgo at={item.lastSeen} now={now} />
      </Fact>
      {item.techniques.length > 0 && <Fact name="techniques">{item.techniques.join(", ")}</Fact>}
      {item.runbookUrl && (
        <Fact name="runbook">
          <SafeLink href={item.runbookUrl} />
        </Fact>
      )}
    </dl>
  );
}
