import { SilencesQuery } from "../../shared/silence.ts";
import { inputs, outputs } from "./components.ts";
import type { Operation } from "./operation.ts";

/** Of every silence. */
export const silenceOperations: readonly Operation[] = [
  {
    id: "listSilences",
    subject: "Silences",
    method: "get",
    path: "/api/v1/silences",
    summary: "Silences, newest first",
    access: "queue:read",
    query: SilencesQuery,
    answer: { status: 200, schema: outputs.SilencePage },
  },
  {
    id: "createSilence",
    subject: "Silences",
    method: "post",
    path: "/api/v1/silences",
    summary: "Hide for a while what matches",
    detail:
      "It hides within the scope of its author, at once, and shows again what it hid when it ends. Production critical is hidden by an administrator's silence only: another that is over such a group is refused.",
    access: "queue:act",
    headers: ["Idempotency-Key"],
    body: {
      schema: inputs.CreateSilenceInput,
      example: {
        reason: "The nightly rebuild of the search index",
        matchers: [
          { name: "source", value: "alertmanager" },
          { name: "instance", value: "search-[0-9]+:9100", isRegex: true },
        ],
        startsAt: "2099-11-23T12:00:00Z",
        endsAt: "2099-11-23T18:00:00Z",
      },
    },
    answer: { status: 201, schema: outputs.Silence },
    errors: ["conflict"],
  },
  {
    id: "showSilence",
    subject: "Silences",
    method: "get",
    path: "/api/v1/silences/{id}",
    summary: "One silence",
    access: "queue:read",
    answer: { status: 200, schema: outputs.Silence },
    errors: ["not_found"],
  },
  {
    id: "endSilence",
    subject: "Silences",
    method: "delete",
    path: "/api/v1/silences/{id}",
    summary: "End a silence before its time",
    detail: "What it hid is shown again. One that has ended stays as it is.",
    access: "queue:act",
    answer: { status: 204 },
    errors: ["not_found"],
  },
];
