import { useEffect } from "preact/hooks";
import { useNow } from "../../../shared/ui/use-now.ts";
import { FilterBar } from "../components/filter-bar.tsx";
import { FunnelPanel } from "../components/funnel-panel.tsx";
import { GridPanel } from "../components/grid-table.tsx";
import { Headline } from "../components/headline.tsx";
import { ItemPanel } from "../components/item-panel.tsx";
import { KeyHelp } from "../components/key-help.tsx";
import { QueueList } from "../components/queue-list.tsx";
import { QueueTabs } from "../components/queue-tabs.tsx";
import { Tiles } from "../components/tiles.tsx";
import { ToastArea } from "../components/toast-area.tsx";
import { TopBar } from "../components/top-bar.tsx";
import { openId } from "../state/address.ts";
import { onKey } from "../state/keys.ts";
import { isNarrow } from "../state/narrow.ts";
import { canReadReports } from "../state/session.ts";

function Queue({ now }: { now: number }) {
  return (
    <section id="queue" class="queue" aria-labelledby="queue-name">
      <h2 id="queue-name" class="unseen">
        Queue
      </h2>
      <div class="queue-top">
        <QueueTabs />
        <FilterBar />
      </div>
      <QueueList now={now} />
    </section>
  );
}

function Beside({ now }: { now: number }) {
  const hasItem = openId.value !== null;
  return (
    <aside class="beside" aria-label={hasItem && !isNarrow.value ? "Opened item" : "Figures"}>
      {canReadReports.value && (!hasItem || isNarrow.value) && (
        <div id="figures" class="figures">
          <FunnelPanel />
          <GridPanel />
        </div>
      )}
      {hasItem && !isNarrow.value && <ItemPanel now={now} />}
    </aside>
  );
}

export function NowPage() {
  const now = useNow();
  const isCovered = isNarrow.value && openId.value !== null;
  useEffect(() => {
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return (
    <>
      <div class={isCovered ? "page page-covered" : "page"} inert={isCovered}>
        <TopBar />
        <div class="columns">
          <main class="middle">
            <Headline now={now} />
            <Tiles />
            {canReadReports.value && (
              <a class="to-figures" href="#figures">
                Environments and where alerts went
              </a>
            )}
            <Queue now={now} />
          </main>
          <Beside now={now} />
        </div>
      </div>
      {isCovered && <ItemPanel now={now} />}
      <ToastArea />
      <KeyHelp />
    </>
  );
}
