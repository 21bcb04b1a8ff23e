import { useState } from "preact/hooks";
import { draftFrom } from "../state/mapping-draft.ts";
import { draft, isSaving, opened, savedMappings, saveMapping, tried } from "../state/sources.ts";
import { MappingForm } from "./mapping-form.tsx";

/** The whole document as text; what is no JSON stays where it is typed. */
function MappingJson() {
  const [text, setText] = useState(() => JSON.stringify(draft.value, null, 2));
  const isWrong = draftFrom(text) === null;
  return (
    <div class="mapping-json">
      <label for="mapping-json">Mapping as JSON</label>
      <textarea
        id="mapping-json"
        class="code"
        rows={24}
        spellcheck={false}
        value={text}
        aria-invalid={isWrong}
        aria-describedby="mapping-json-note"
        onInput={(event) => {
          setText(event.currentTarget.value);
          draft.value = draftFrom(event.currentTarget.value) ?? draft.value;
        }}
      />
      <p id="mapping-json-note" class="field-hint problem" aria-live="polite">
        {isWrong ? "This is not a JSON object yet; the last one that was is used." : ""}
      </p>
    </div>
  );
}

function SaveButton() {
  const isKnown = savedMappings.value.some(({ name }) => name === draft.value.name);
  const isGood = tried.value?.phase === "ready";
  return (
    <div class="buttons">
      <button type="submit" class="main" disabled={!isGood || isSaving.value}>
        {isKnown ? "Save over the old one" : "Save mapping"}
      </button>
      {!isGood && <span class="muted">It can be saved once a sample can be read with it.</span>}
    </div>
  );
}

/** A mapping as a form or as JSON; both change the same draft. */
export function MappingEditor() {
  const [isJson, setJson] = useState(false);
  return (
    <form
      class="card"
      aria-labelledby="mapping-name-heading"
      onSubmit={(event) => {
        event.preventDefault();
        void saveMapping();
      }}
    >
      <div class="card-top">
        <h2 id="mapping-name-heading">Mapping</h2>
        <button type="button" aria-pressed={isJson} onClick={() => setJson(!isJson)}>
          JSON
        </button>
      </div>
      <p class="muted">
        Each field is a JMESPath expression on the event; $ is the whole record, 'text' stands for itself.
      </p>
      {isJson ? <MappingJson key={opened.value} /> : <MappingForm key={opened.value} />}
      <SaveButton />
    </form>
  );
}
