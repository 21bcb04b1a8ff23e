import { useEffect, useRef } from "preact/hooks";
import { BandTag } from "../../shared/ui/band-tag.tsx";
import { TimeAgo } from "../../shared/ui/time-ago.tsx";
import { topReason } from "../../shared/ui/top-reason.ts";
import type { Item } from "../lib/api.ts";
import type { Decision } from "../lib/decision.ts";
import { placeParts } from "../lib/row-text.ts";
import { titleText } from "../lib/show-controls.ts";
import type { Panel } from "../state/panel.ts";
import { ItemActions } from "./item-actions.tsx";

export interface RowActions {
  onCurrent: (item: Item) => void;
  onOpen: (item: Item) => void;
  onDecide: (item: Item, decision: Decision) => void;
  onPanel: (item: Item, panel: Panel) => void;
  onClose: () => void;
}

interface QueueRowProps extends RowActions {
  item: Item;
  now: number;
  isCurrent: boolean;
  /** The keys moved here, so the focus follows. */
  hasFocus: boolean;
  isLeaving: boolean;
  panel: Panel | null;
}

/** The focus is never taken from a control outside the list. */
function isFocusFree(): boolean {
  const active = document.activeElement;
  return active === null || active === document.body || active.closest(".queue") !== null;
}

/**
 * A press of the mouse focuses too, but a row that grows between press and release would slip away from
 * under the pointer: the mouse chooses the current row on release.
 */
function isKeyFocus(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches(":focus-visible");
}

function RowText({ item }: { item: Item }) {
  const reason = topReason(item.factors);
  return (
    <>
      <p class="place">
        {item.drill && <b class="drill">Drill</b>}
        <span class="environment">{item.environment}</span>
        {placeParts(item).map((part) => (
          <span key={part}> · {part}</span>
        ))}
      </p>
      {reason !== null && <p class="why">{reason}</p>}
    </>
  );
}

/** Three lines: what, where and how much, why now. The current row carries its actions. */
export function QueueRow(props: QueueRowProps) {
  const { item, now, isCurrent, hasFocus, isLeaving, panel } = props;
  const row = useRef<HTMLLIElement>(null);
  const title = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (hasFocus && panel === null && isFocusFree()) title.current?.focus();
    // What opens below the last visible line would be missed.
    if (hasFocus || panel !== null) row.current?.scrollIntoView({ block: "nearest" });
  }, [hasFocus, panel]);

  const classes = ["row", isCurrent ? "row-current" : "", isLeaving ? "row-leaving" : ""];
  return (
    <li
      ref={row}
      class={classes.join(" ")}
      data-item-id={item.id}
      data-band={item.band}
      aria-current={isCurrent}
      onFocusIn={(event) => {
        if (isKeyFocus(event.target)) props.onCurrent(item);
      }}
      onPointerUp={() => props.onCurrent(item)}
    >
      <BandTag band={item.band} />
      <button ref={title} type="button" class="title" onClick={() => props.onOpen(item)}>
        {titleText(item.title)}
      </button>
      <span class="age">
        <TimeAgo at={item.lastSeen} now={now} />
      </span>
      <RowText item={item} />
      {!isCurrent && item.status === "open" && (
        <button
          type="button"
          class="quick"
          tabIndex={-1}
          aria-label={`Acknowledge ${item.title}`}
          title="Acknowledge"
          onMouseDown={(event) => event.preventDefault()}
          onPointerUp={(event) => event.stopPropagation()}
          onClick={() => props.onDecide(item, { action: "acknowledge", input: {} })}
        >
          ✓
        </button>
      )}
      {isCurrent && !isLeaving && (
        <ItemActions
          item={item}
          panel={panel}
          onDecide={(decision) => props.onDecide(item, decision)}
          onPanel={(next) => props.onPanel(item, next)}
          onClose={props.onClose}
        />
      )}
    </li>
  );
}
