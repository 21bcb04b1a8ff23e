import { useEffect } from "preact/hooks";
import { MappingEditor } from "../components/mapping-editor.tsx";
import { SampleForm } from "../components/sample-form.tsx";
import { SenderSections } from "../components/sender-sections.tsx";
import { ToastArea } from "../components/toast-area.tsx";
import { TopBar } from "../components/top-bar.tsx";
import { TriedAlerts } from "../components/tried-alerts.tsx";
import { canManagePolicy, canReadReports } from "../state/session.ts";
import { followSample, loadPolicy, reader } from "../state/sources.ts";

function Sources() {
  useEffect(() => {
    void loadPolicy();
    return followSample();
  }, []);
  return (
    <div class="columns sources">
      <main class="middle">
        <h1 class="headline">
          Sources <small>Try what a detector sends, and teach Quietwatch a format of your own.</small>
        </h1>
        <SampleForm />
        {reader.value.by === "mapping" && <MappingEditor />}
      </main>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <aside class="beside-sample" tabIndex={0} aria-label="What the sample gives">
        <TriedAlerts />
      </aside>
    </div>
  );
}

function Forbidden() {
  return (
    <main class="columns sources">
      <h1 class="headline">Sources</h1>
      <p>Only leads and administrators change how alerts are read. Ask one of them.</p>
    </main>
  );
}

export function SourcesPage() {
  return (
    <>
      <div class="page">
        <TopBar />
        {canManagePolicy.value ? <Sources /> : <Forbidden />}
        {canReadReports.value && <SenderSections />}
      </div>
      <ToastArea />
    </>
  );
}
