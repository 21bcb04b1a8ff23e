import type { FunnelReport } from "../../../shared/report.ts";
import { chooseRange, type Range, range, ranges } from "../state/address.ts";
import { funnel, loadFunnel } from "../state/reports.ts";
import { barWidth } from "./bar-width.ts";
import { Notice, Skeleton } from "./notice.tsx";
import { count } from "./numbers.ts";

const spans: Readonly<Record<Range, string>> = { "24h": "24 hours", "7d": "7 days", "30d": "30 days" };

const steps = [
  { key: "received", name: "received", because: "alerts accepted" },
  { key: "groups", name: "groups", because: "groups that got an alert" },
  { key: "shown", name: "shown", because: "times one came before a person" },
  { key: "acted", name: "acted on", because: "groups a person decided about" },
  { key: "real", name: "real", because: "resolved as a true positive" },
] as const;

function Steps({ report }: { report: FunnelReport }) {
  const most = Math.max(...steps.map((step) => report[step.key]));
  return (
    <>
      <dl class="funnel">
        {steps.map((step) => (
          <div key={step.key} class="funnel-step" title={step.because}>
            <dt>{step.name}</dt>
            <dd class="funnel-track" aria-hidden="true">
              <span
                class={step.key === "real" ? "funnel-bar funnel-real" : "funnel-bar"}
                style={{ width: `${barWidth(report[step.key], most)}%` }}
              />
            </dd>
            <dd class="funnel-count">
              {count(report[step.key])}
              <span class="unseen"> {step.because}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p class="footnote">Bars on a logarithmic scale. {count(report.hidden)} hidden now.</p>
    </>
  );
}

function RangeChoice() {
  return (
    <fieldset class="tabs tabs-small" aria-label="Time range">
      {ranges.map((one) => (
        <button key={one} type="button" aria-pressed={one === range.value} onClick={() => chooseRange(one)}>
          {spans[one].replace(" hours", " h").replace(" days", " d")}
        </button>
      ))}
    </fieldset>
  );
}

export function FunnelPanel() {
  const report = funnel.value;
  return (
    <section class="card" aria-labelledby="funnel-name">
      <div class="card-top">
        <h2 id="funnel-name">Where alerts went, last {spans[range.value]}</h2>
        <RangeChoice />
      </div>
      {report.phase === "loading" && <Skeleton lines={5} label="Reading the figures" />}
      {report.phase === "failed" && <Notice onRetry={() => void loadFunnel()}>{report.because}</Notice>}
      {report.phase === "ready" && <Steps report={report.value} />}
    </section>
  );
}
