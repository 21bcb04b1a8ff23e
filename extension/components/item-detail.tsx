import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { BandTag } from "../../shared/ui/band-tag.tsx";
import { FactorList } from "../../shared/ui/factor-list.tsx";
import type { Item } from "../lib/api.ts";
import { titleText } from "../lib/show-controls.ts";
import type { Detail } from "../state/detail.ts";
import { AlertList } from "./alert-list.tsx";
import { DetailFacts } from "./detail-facts.tsx";
import { EntityList } from "./entity-list.tsx";
import { NoteList, Timeline } from "./history-list.tsx";
import { SafeLink } from "./safe-link.tsx";

interface ItemDetailViewProps {
  detail: Detail;
  /** With this person's unsent decisions applied. */
  item: Item;
  now: number;
  onBack: () => void;
  onOpen: (item: Item) => void;
  onMoreAlerts: () => void;
  children: ComponentChildren;
}

function Part({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <section class="part">
      <h3>{name}</h3>
      {children}
    </section>
  );
}

function Members({ members, onOpen }: { members: readonly Item[]; onOpen: (item: Item) => void }) {
  return (
    <ul class="members">
      {members.map((member) => (
        <li key={member.id}>
          <BandTag band={member.band} />
          <button type="button" class="title" onClick={() => onOpen(member)}>
            {titleText(member.title)}
          </button>
        </li>
      ))}
    </ul>
  );
}

function MainParts({ detail, item, now }: Pick<ItemDetailViewProps, "detail" | "item" | "now">) {
  const { full } = detail;
  const entities = full?.allEntities ?? item.entities;
  return (
    <>
      <DetailFacts item={item} full={full} now={now} />
      {full?.description != null && <p class="description">{full.description}</p>}
      <Part name={`Why ${item.band}: ${Math.round(item.score)} of 100`}>
        <FactorList factors={item.factors} />
      </Part>
      {full !== null && full.notes.length > 0 && (
        <Part name="Notes">
          <NoteList notes={full.notes} now={now} />
        </Part>
      )}
      {entities.length > 0 && (
        <Part name={`Entities ${item.entityCount}`}>
          <EntityList entities={entities} />
        </Part>
      )}
    </>
  );
}

function LaterParts({ detail, now, onOpen, onMoreAlerts }: Omit<ItemDetailViewProps, "children" | "onBack">) {
  const { full, members, timeline, alerts, moreAlerts } = detail;
  return (
    <>
      {members.length > 0 && (
        <Part name="Stands for">
          <Members members={members} onOpen={onOpen} />
        </Part>
      )}
      {full !== null && full.links.length > 0 && (
        <Part name="Links">
          <ul class="links">
            {full.links.map((link) => (
              <li key={link.href}>
                <SafeLink href={link.href} text={link.text} />
              </li>
            ))}
          </ul>
        </Part>
      )}
      {timeline.length > 0 && (
        <Part name="Timeline">
          <Timeline entries={timeline} now={now} />
        </Part>
      )}
      {alerts.length > 0 && (
        <Part name="Original alerts">
          <AlertList alerts={alerts} hasMore={moreAlerts !== null} now={now} onMore={onMoreAlerts} />
        </Part>
      )}
    </>
  );
}

/** Everything a person decides from; its actions are the children. */
export function ItemDetailView(props: ItemDetailViewProps) {
  const { detail, item, onBack, children } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [item.id]);
  return (
    <main class="detail" data-item-id={item.id}>
      <header class="detail-head">
        <button type="button" class="plain" onClick={onBack}>
          ← Queue<span class="key">Esc</span>
        </button>
        <BandTag band={item.band} />
      </header>
      <div class="detail-body">
        <h2 ref={heading} tabIndex={-1}>
          {titleText(item.title)}
        </h2>
        {detail.problem !== null && <p class="problem">{detail.problem} What stands here may be old.</p>}
        <MainParts {...props} />
        <LaterParts {...props} />
      </div>
      {children}
    </main>
  );
}
