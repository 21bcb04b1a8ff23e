import { formats } from "../../../shared/alert.ts";
import { emptyDraft } from "../state/mapping-draft.ts";
import { loadPolicy, openMapping, policy, reader, sample, savedMappings } from "../state/sources.ts";
import { Notice } from "./notice.tsx";

function choose(value: string): void {
  const [kind, name = ""] = value.split(":");
  if (kind === "format") reader.value = { by: "format", format: name };
  if (kind === "new") openMapping(emptyDraft);
  const saved = savedMappings.value.find((one) => one.name === name);
  if (kind === "saved" && saved !== undefined) openMapping(saved);
}

function ReaderChoice() {
  const now = reader.value;
  return (
    <>
      <label for="reader">Read it as</label>
      <select
        id="reader"
        value={now.by === "format" ? `format:${now.format}` : "edited"}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        <option value="format:auto">Find out</option>
        {now.by === "mapping" && <option value="edited">The mapping below</option>}
        <optgroup label="Your mappings">
          {savedMappings.value.map(({ name }) => (
            <option key={name} value={`saved:${name}`}>
              {name}
            </option>
          ))}
          <option value="new">A new mapping</option>
        </optgroup>
        <optgroup label="Formats">
          {formats.map((format) => (
            <option key={format} value={`format:${format}`}>
              {format}
            </option>
          ))}
        </optgroup>
      </select>
    </>
  );
}

/** What a detector sends, and how to read it. */
export function SampleForm() {
  return (
    <section class="card" aria-labelledby="sample-heading">
      <h2 id="sample-heading">Sample</h2>
      <label for="sample">What your detector sends</label>
      <textarea
        id="sample"
        class="code"
        rows={10}
        spellcheck={false}
        placeholder='{"product": "DoorControl", "kind": "forced-open", "door": "gate-7"}'
        value={sample.value}
        onInput={(event) => {
          sample.value = event.currentTarget.value;
        }}
      />
      <div class="buttons">
        <ReaderChoice />
      </div>
      {policy.value.phase === "failed" && (
        <Notice onRetry={() => void loadPolicy()}>{policy.value.because}</Notice>
      )}
    </section>
  );
}
