import { severities } from "../../../shared/alert.ts";
import * as draftOf from "../state/mapping-draft.ts";
import { draft } from "../state/sources.ts";
import { MappingField } from "./mapping-field.tsx";

interface Row {
  name: string;
  label: string;
  hint?: string;
  isRequired?: boolean;
}

const before: readonly Row[] = [
  { name: "name", label: "Name", hint: "Its address is /api/v1/ingest/name.", isRequired: true },
  { name: "match", label: "Recognised when", hint: "True for records that /api/v1/ingest takes for it." },
  { name: "records", label: "Events", hint: "The list of events in a record, such as events[]." },
  { name: "rule", label: "Rule", isRequired: true },
  { name: "title", label: "Title", hint: "Such as join(' ', ['Door', door, kind]).", isRequired: true },
];
const after: readonly Row[] = [
  { name: "environment", label: "Environment" },
  { name: "service", label: "Service" },
  { name: "occurredAt", label: "Time" },
  { name: "description", label: "Description" },
  { name: "techniques", label: "ATT&CK techniques" },
  { name: "runbookUrl", label: "Runbook" },
  { name: "source", label: "Source", hint: "The mapping's name when left out." },
];

function change(name: string, value: unknown): void {
  draft.value = draftOf.withPart(draft.value, name, value);
}

function RuleRow({ name, ...row }: Row) {
  const value = draftOf.ruleText(draft.value[name]);
  return <MappingField path={name} {...row} value={value} onChange={(text) => change(name, text)} />;
}

function SeverityRows() {
  const parts = draftOf.severityParts(draft.value);
  const set = (next: Partial<draftOf.SeverityParts>) => {
    draft.value = draftOf.withSeverity(draft.value, { ...draftOf.severityParts(draft.value), ...next });
  };
  return (
    <>
      <MappingField
        path="severity.from"
        label="Severity"
        value={parts.from}
        onChange={(from) => set({ from })}
      />
      <MappingField
        path="severity.table"
        label="Severity table"
        hint="A line each: 1 = critical. Ordinary words are known without it."
        isLong
        value={parts.table}
        onChange={(table) => set({ table })}
      />
      <div class="mapping-row">
        <label for="mapping-otherwise">Severity otherwise</label>
        <div>
          <select
            id="mapping-otherwise"
            value={parts.otherwise}
            onChange={(event) => set({ otherwise: event.currentTarget.value })}
          >
            {severities.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </div>
      </div>
    </>
  );
}

function StatusRows() {
  const parts = draftOf.statusParts(draft.value);
  const set = (next: Partial<typeof parts>) => {
    draft.value = draftOf.withStatus(draft.value, { ...draftOf.statusParts(draft.value), ...next });
  };
  return (
    <>
      <MappingField path="status.from" label="Status" value={parts.from} onChange={(from) => set({ from })} />
      <MappingField
        path="status.resolved"
        label="Resolved when it is"
        hint="Words, with commas between."
        value={parts.resolved}
        onChange={(resolved) => set({ resolved })}
      />
    </>
  );
}

function ListRows() {
  const { identity, entities, labels, links } = draft.value;
  return (
    <>
      <MappingField
        path="identity"
        label="Identity"
        hint="An expression a line; alerts that give the same are one group."
        isLong
        value={draftOf.listLines(identity)}
        onChange={(text) => change("identity", draftOf.listIn(text))}
      />
      <MappingField
        path="entities"
        label="Entities"
        hint="A line each: host = door, or ip actor = source.ip."
        isLong
        value={draftOf.entityLines(entities)}
        onChange={(text) => change("entities", draftOf.entitiesIn(text))}
      />
      <MappingField
        path="labels"
        label="Labels"
        hint="A line each: site = $.site.name."
        isLong
        value={draftOf.pairLines(labels)}
        onChange={(text) => change("labels", draftOf.pairsIn(text))}
      />
      <MappingField
        path="links"
        label="Links"
        hint="An expression a line."
        isLong
        value={draftOf.linkLines(links)}
        onChange={(text) => change("links", draftOf.linksIn(text, draft.value.links))}
      />
    </>
  );
}

/** Every part of the mapping in a row of its own. */
export function MappingForm() {
  return (
    <div class="mapping-rows">
      {before.map((row) => (
        <RuleRow key={row.name} {...row} />
      ))}
      <SeverityRows />
      <ListRows />
      {after.map((row) => (
        <RuleRow key={row.name} {...row} />
      ))}
      <StatusRows />
    </div>
  );
}
