import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ItemDetail } from "../../../shared/group.ts";
import { BandTag } from "../../../shared/ui/band-tag.tsx";
import { FactorList } from "../../../shared/ui/factor-list.tsx";
import { openId } from "../state/address.ts";
import { detail, retryDetail } from "../state/detail.ts";
import { isNarrow } from "../state/narrow.ts";
import { closePanel, wantsPanelFocus } from "../state/panel.ts";
import { AlertList } from "./alert-list.tsx";
import { EntityList } from "./entity-list.tsx";
import { ItemActions } from "./item-actions.tsx";
import { ItemFacts } from "./item-facts.tsx";
import { NoteList } from "./note-list.tsx";
import { Notice, Skeleton } from "./notice.tsx";
import { SafeLink } from "./safe-link.tsx";
import { hiddenSentence } from "./sentences.ts";
import { TimelineList } from "./timeline-list.tsx";
import { visibleText } from "./visible-text.ts";

function Part({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <section class="part">
      <h3>{name}</h3>
      {children}
    </section>
  );
}

function About({ item }: { item: ItemDetail }) {
  const labels = Object.entries(item.labels);
  return (
    <>
      {item.description && <p class="hostile prose">{visibleText(item.description)}</p>}
      {item.links.map((link) => (
        <p key={link.href}>
          <SafeLink href={link.href} text={link.text} />
        </p>
      ))}
      {labels.length > 0 && (
        <dl class="facts">
          {labels.map(([name, value]) => (
            <div key={name}>
              <dt class="hostile">{visibleText(name)}</dt>
              <dd class="hostile">{visibleText(value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

function Body({ item, now }: { item: ItemDetail; now: number }) {
  const hasMore = item.description !== null || item.links.length > 0 || Object.keys(item.labels).length > 0;
  return (
    <>
      <ItemActions item={item} />
      {item.hidden && (
        <Part name="Why hidden">
          <p class="hostile">{visibleText(hiddenSentence(item.hidden))}</p>
          <p class="muted hostile">{visibleText(item.hidden.id)}</p>
        </Part>
      )}
      <Part name={`Why ${item.band}, ${Math.round(item.score)} of 100`}>
        <FactorList
          factors={item.factors.map((factor) => ({ ...factor, because: visibleText(factor.because) }))}
        />
      </Part>
      {item.notes.length > 0 && (
        <Part name="Notes">
          <NoteList notes={item.notes} now={now} />
        </Part>
      )}
      <Part name="Facts">
        <ItemFacts item={item} now={now} />
      </Part>
      <Part name="Entities">
        <EntityList key={item.id} item={item} />
      </Part>
      {hasMore && (
        <Part name="From the detector">
          <About item={item} />
        </Part>
      )}
      <Part name="Timeline">
        <TimelineList now={now} />
      </Part>
      <Part name="Alerts, newest first">
        <AlertList now={now} />
      </Part>
    </>
  );
}

function Content({ id, now }: { id: string | null; now: number }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = detail.value;
  useEffect(() => {
    if (id !== null && (wantsPanelFocus.value || isNarrow.value)) heading.current?.focus();
  }, [id]);
  return (
    <>
      <div class="panel-top">
        {shown.phase === "ready" && <BandTag band={shown.value.band} />}
        <h2 id="panel-name" ref={heading} tabIndex={-1} class="hostile">
          {shown.phase === "ready" ? visibleText(shown.value.title) : "Item"}
        </h2>
        <button type="button" class="quiet close" aria-label="Close" onClick={closePanel}>
          <span aria-hidden="true">×</span>
        </button>
      </div>
      <div class="panel-body" key={id}>
        {shown.phase === "loading" && <Skeleton lines={8} label="Reading the item" />}
        {shown.phase === "failed" && <Notice onRetry={retryDetail}>{shown.because}</Notice>}
        {shown.phase === "ready" && <Body item={shown.value} now={now} />}
      </div>
    </>
  );
}

/**
 * The opened item: beside the list where there is room, above it where there is not. Not `showModal`: the
 * top layer would cover the message that offers to undo.
 */
export function ItemPanel({ now }: { now: number }) {
  const content = <Content id={openId.value} now={now} />;
  if (isNarrow.value) {
    return (
      <dialog open class="panel panel-over" aria-modal="true" aria-labelledby="panel-name">
        {content}
      </dialog>
    );
  }
  return (
    <section class="panel" aria-labelledby="panel-name">
      {content}
    </section>
  );
}
