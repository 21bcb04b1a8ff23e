import type { ComponentChildren } from "preact";
import { TimeAgo } from "../../shared/ui/time-ago.tsx";
import { verdictLabel } from "../../shared/ui/verdict-label.ts";
import type { Item, ItemDetail } from "../lib/api.ts";
import { sizeText } from "../lib/row-text.ts";
import { SafeLink } from "./safe-link.tsx";

interface DetailFactsProps {
  item: Item;
  full: ItemDetail | null;
  now: number;
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function statusText(item: Item): string {
  if (item.status === "acknowledged") return `acknowledged by ${item.acknowledgedBy ?? "someone"}`;
  if (item.status === "resolved" && item.verdict !== null) {
    return `resolved as ${verdictLabel[item.verdict].toLowerCase()}`;
  }
  return item.cleared ? `${item.status}, cleared by the detector` : item.status;
}

function severityText(item: Item, full: ItemDetail | null): string {
  const native = full?.nativeSeverity ?? null;
  return native === null ? item.severity : `${item.severity}, the detector says ${native}`;
}

export function DetailFacts({ item, full, now }: DetailFactsProps) {
  return (
    <dl class="facts">
      <Fact name="Status">{statusText(item)}</Fact>
      {item.hidden !== null && (
        <Fact name="Hidden">
          by {item.hidden.by}: {item.hidden.because}
        </Fact>
      )}
      <Fact name="Environment">
        {item.environment}
        {full !== null && <span class="quiet">, {full.environmentBecause}</span>}
      </Fact>
      {item.service !== null && <Fact name="Service">{item.service}</Fact>}
      <Fact name="Severity">{severityText(item, full)}</Fact>
      <Fact name="Detector">
        {item.source} / {item.rule}
      </Fact>
      <Fact name="Seen">
        {sizeText(item)}, first <TimeAgo at={item.firstSeen} now={now} />, last{" "}
        <TimeAgo at={item.lastSeen} now={now} />
      </Fact>
      {item.techniques.length > 0 && <Fact name="Techniques">{item.techniques.join(", ")}</Fact>}
      <Fact name="Owner">{item.assignee ?? "nobody"}</Fact>
      {item.runbookUrl !== null && (
        <Fact name="Runbook">
          <SafeLink href={item.runbookUrl} />
        </Fact>
      )}
    </dl>
  );
}
