import type { TrySourceAnswer } from "../../../shared/try-source.ts";
import { tried } from "../state/sources.ts";
import { Skeleton } from "./notice.tsx";
import { counted } from "./numbers.ts";
import { visibleText } from "./visible-text.ts";

type Tried = TrySourceAnswer["alerts"][number];

function factsOf({ format, nativeSeverity, alert }: Tried): [string, string][] {
  const entities = (alert.entities ?? []).map(
    ({ type, role, value }) => `${type} ${value}${role ? ` (${role})` : ""}`,
  );
  const labels = Object.entries(alert.labels ?? {}).map(([name, value]) => `${name}=${value}`);
  const severity = nativeSeverity === null ? alert.severity : `${alert.severity} (was ${nativeSeverity})`;
  const facts: [string, string | undefined][] = [
    ["Read as", format],
    ["Severity", severity],
    ["Source", alert.source],
    ["Rule", alert.rule],
    ["Environment", alert.environment],
    ["Service", alert.service],
    ["Time", alert.occurredAt],
    ["Status", alert.status],
    ["Identity", alert.dedupKey],
    ["Entities", entities.join(", ")],
    ["Techniques", alert.techniques?.join(", ")],
    ["Labels", labels.join(", ")],
    ["Links", alert.links?.map(({ href }) => href).join(" ")],
    ["Description", alert.description],
  ];
  return facts.flatMap(([name, value]) => (value ? [[name, value] satisfies [string, string]] : []));
}

function TriedAlert({ one }: { one: Tried }) {
  return (
    <li class="tried-alert">
      <h3 class="hostile">{visibleText(one.alert.title)}</h3>
      <dl>
        {factsOf(one).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="hostile">{visibleText(value)}</dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

function summary({ accepted, rejectedCount }: TrySourceAnswer): string {
  const alerts = counted(accepted, "alert");
  return rejectedCount === 0 ? alerts : `${alerts}, ${rejectedCount} rejected`;
}

function Answer({ answer }: { answer: TrySourceAnswer }) {
  return (
    <>
      {answer.rejected.length > 0 && (
        <ul class="tried-rejects">
          {answer.rejected.map(({ index, message }) => (
            <li key={index} class="problem hostile">
              No. {index + 1}: {visibleText(message)}
            </li>
          ))}
        </ul>
      )}
      <ol class="tried-alerts">
        {answer.alerts.map((one) => (
          <TriedAlert key={one.index} one={one} />
        ))}
      </ol>
      {answer.accepted > answer.alerts.length && (
        <p class="muted">The first {answer.alerts.length} are shown.</p>
      )}
    </>
  );
}

/** The alerts that the sample gives, as they would stand in the queue's details. */
export function TriedAlerts() {
  const now = tried.value;
  return (
    <section class="card" aria-labelledby="tried-heading">
      <h2 id="tried-heading">What it gives</h2>
      <p role="status" class={now?.phase === "failed" ? "problem hostile" : "muted"}>
        {now === null && "Paste a sample to see its alerts here. Nothing is stored."}
        {now?.phase === "failed" && visibleText(now.because)}
        {now?.phase === "ready" && summary(now.value)}
      </p>
      {now?.phase === "loading" && <Skeleton lines={3} label="Reading the sample" />}
      {now?.phase === "ready" && <Answer answer={now.value} />}
    </section>
  );
}
