import type { Item } from "../../../shared/group.ts";
import { BandTag } from "../../../shared/ui/band-tag.tsx";
import { TimeAgo } from "../../../shared/ui/time-ago.tsx";
import { topReason } from "../../../shared/ui/top-reason.ts";
import { hrefOf, openId } from "../state/address.ts";
import { cursorId } from "../state/cursor.ts";
import { openPanel } from "../state/panel.ts";
import { canAct } from "../state/session.ts";
import { counted } from "./numbers.ts";
import { RowActions } from "./row-actions.tsx";
import { hiddenSentence, kindWord } from "./sentences.ts";
import { visibleText } from "./visible-text.ts";

/** What the item is about, unless the title says it already. */
function subject(item: Item): string | null {
  const target = item.entities.find((entity) => entity.role === "target") ?? item.entities[0];
  return target === undefined || item.title.includes(target.value) ? null : target.value;
}

function Where({ item }: { item: Item }) {
  const about = subject(item);
  const size = counted(item.count, "alert");
  const members = item.kind === "group" ? "" : ` in ${counted(item.memberCount, "group")}`;
  return (
    <p class="row-where">
      <span class="environment">{visibleText(item.environment)}</span>
      {item.service !== null && <span>{visibleText(item.service)}</span>}
      <span>{size + members}</span>
      {about !== null && <span class="cut">{visibleText(about)}</span>}
      {item.techniques.length > 0 && <span>{item.techniques.slice(0, 2).join(" ")}</span>}
      {item.drill && <span class="mark">drill</span>}
      {item.kind !== "group" && <span class="mark">{kindWord[item.kind]}</span>}
    </p>
  );
}

/** What a person did with it, most recent decision first. */
function state(item: Item): string | null {
  if (item.status === "resolved") return "resolved";
  if (item.status === "snoozed") return "snoozed";
  if (item.status === "acknowledged")
    return `acknowledged${item.acknowledgedBy ? ` by ${item.acknowledgedBy}` : ""}`;
  return item.cleared ? "cleared by its sender" : null;
}

function Side({ item, now }: { item: Item; now: number }) {
  const done = state(item);
  const hasOwner = item.assignee !== null && item.assignee !== item.acknowledgedBy;
  return (
    <p class="row-side">
      <TimeAgo at={item.lastSeen} now={now} />
      {hasOwner && <span class="cut">owner {visibleText(item.assignee ?? "")}</span>}
      {done !== null && <span class="cut">{visibleText(done)}</span>}
    </p>
  );
}

function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

export function QueueRow({ item, now }: { item: Item; now: number }) {
  const isOpen = openId.value === item.id;
  const isCurrent = cursorId.value === item.id;
  const because = item.hidden ? hiddenSentence(item.hidden) : topReason(item.factors);
  return (
    <li
      class={`row${isCurrent ? " row-current" : ""}${isOpen ? " row-open" : ""}`}
      data-item-id={item.id}
      data-status={item.status}
    >
      <BandTag band={item.band} />
      <h3 class="row-title">
        <a
          href={hrefOf(item.id)}
          aria-current={isOpen ? "true" : undefined}
          onFocus={() => {
            cursorId.value = item.id;
          }}
          onClick={(event) => {
            if (!isPlainClick(event)) return;
            event.preventDefault();
            openPanel(item.id);
          }}
        >
          {visibleText(item.title)}
        </a>
      </h3>
      <Side item={item} now={now} />
      <Where item={item} />
      {because !== null && <p class="row-why">{visibleText(because)}</p>}
      {canAct.value && !isOpen && <RowActions item={item} />}
    </li>
  );
}
