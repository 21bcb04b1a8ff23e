import { useNow } from "../../shared/ui/use-now.ts";
import { EmptyState } from "../components/empty-state.tsx";
import { FooterBar } from "../components/footer-bar.tsx";
import { Gate } from "../components/gate.tsx";
import { HeadlineBar } from "../components/headline-bar.tsx";
import { HelpSheet } from "../components/help-sheet.tsx";
import { ItemActions } from "../components/item-actions.tsx";
import { ItemDetailView } from "../components/item-detail.tsx";
import { OutboxNotices } from "../components/outbox-notices.tsx";
import { QueueList } from "../components/queue-list.tsx";
import { UndoBar } from "../components/undo-bar.tsx";
import { ViewBar } from "../components/view-bar.tsx";
import { headline } from "../lib/headline.ts";
import { openOptions } from "../lib/open-options.ts";
import { openTab } from "../lib/open-tab.ts";
import { announcement } from "../state/announce.ts";
import { discard, problems, retry, undoable, waiting } from "../state/decide.ts";
import { back, type Detail, open, opened, readMoreAlerts } from "../state/detail.ts";
import { isHelpOpen } from "../state/help.ts";
import { closePanel, openPanel } from "../state/panel.ts";
import * as queue from "../state/queue.ts";
import { isGated, link, person, server, snapshot } from "../state/stored.ts";
import { act, isSteered, openedItem, panelOf, togglePanelOf, undo } from "./act.ts";

function FreshBar() {
  const count = queue.freshCount.value;
  return (
    <div class="fresh" role="status">
      {count > 0 && (
        <button type="button" onClick={queue.settle}>
          {count} new<span class="key">.</span>
        </button>
      )}
    </div>
  );
}

function Views() {
  return (
    <ViewBar
      view={queue.view.value}
      counts={queue.viewCounts.value}
      isSearching={queue.isSearching.value}
      onView={queue.show}
      onSearch={queue.search}
      onSearching={(isSearching) => {
        queue.isSearching.value = isSearching;
      }}
    />
  );
}

function Rows({ now }: { now: number }) {
  const rows = queue.rows.value;
  const isFiltered = queue.view.value !== "open" || queue.words.value !== "";
  return (
    <>
      {rows.length === 0 && (
        <EmptyState
          counts={snapshot.value?.counts ?? null}
          isFiltered={isFiltered && snapshot.value !== null}
          isKnown={!isGated.value && link.value.state !== "offline"}
          inHand={queue.viewCounts.value[1] ?? 0}
        />
      )}
      <QueueList
        rows={rows}
        now={now}
        current={queue.current.value}
        isSteered={isSteered.value}
        openPanel={openPanel.value}
        onCurrent={(item) => {
          isSteered.value = false;
          queue.current.value = item.id;
        }}
        onOpen={open}
        onDecide={act}
        onPanel={togglePanelOf}
        onClose={closePanel}
      />
      {snapshot.value?.more && <p class="quiet more">The dashboard shows the rest.</p>}
    </>
  );
}

function QueuePage({ now }: { now: number }) {
  return (
    <>
      {!(isGated.value && snapshot.value === null) && <Views />}
      <main class="scroll">
        <Gate link={link.value} waiting={waiting.value.length} onOptions={openOptions} />
        <OutboxNotices
          problems={problems.value}
          waiting={
            link.value.state === "live" ? waiting.value.filter((one) => one.attempts > 1) : waiting.value
          }
          onRetry={retry}
          onDiscard={discard}
          onTakeBack={undo}
          onOpen={(entry) => open(entry.before)}
        />
        <FreshBar />
        <Rows now={now} />
      </main>
    </>
  );
}

function DetailPage({ detail, now }: { detail: Detail; now: number }) {
  const item = openedItem.value ?? detail.item;
  return (
    <ItemDetailView
      detail={detail}
      item={item}
      now={now}
      onBack={back}
      onOpen={open}
      onMoreAlerts={() => readMoreAlerts(detail)}
    >
      <ItemActions
        item={item}
        panel={panelOf(item)}
        taker={person.value?.name ?? null}
        onDecide={(decision) => act(item, decision)}
        onPanel={(panel) => togglePanelOf(item, panel)}
        onClose={closePanel}
      />
    </ItemDetailView>
  );
}

export function Popup() {
  const now = useNow();
  const detail = opened.value.at(-1);
  const counts = snapshot.value?.counts ?? null;
  return (
    <>
      <HeadlineBar
        headline={headline(link.value, queue.needing.value.length, counts, snapshot.value?.more)}
        onHelp={() => {
          isHelpOpen.value = true;
        }}
      />
      <div class="page">
        {detail === undefined ? <QueuePage now={now} /> : <DetailPage detail={detail} now={now} />}
      </div>
      <section aria-label="Undo">
        {undoable.value !== null && (
          <UndoBar entry={undoable.value} isOffline={link.value.state === "offline"} onUndo={undo} />
        )}
      </section>
      <FooterBar
        counts={counts}
        onDashboard={() => void openTab(server.value ?? "")}
        onOptions={openOptions}
      />
      {isHelpOpen.value && (
        <HelpSheet
          onClose={() => {
            isHelpOpen.value = false;
          }}
        />
      )}
      <p class="unseen" aria-live="polite">
        {announcement.value}
      </p>
    </>
  );
}
