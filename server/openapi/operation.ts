import type * as v from "valibot";
import type { ScopeName } from "../../shared/access.ts";
import type { FailureCode } from "../../shared/failure.ts";

export const subjects = {
  "Alerts in": "What detectors call. Accepted means committed to disk.",
  Queue: "What waits for people, best first, and its live changes.",
  Items: "One item with everything people decide from, and what they may do with it.",
  Silences: "What a person hides for a while, with a reason and an end.",
  Alerts: "Original alerts, exactly as they were received.",
  Reports: "Figures on noise and response.",
  Export: "All of it, to keep or to move.",
  "Sign-in":
    "Pairing of browser extensions (RFC 8628), refresh and sign-out (RFC 6749, 7009), sign-in links.",
  Policy: "The document that places, ranks and lets in, every version of it, and sources of one's own.",
  Access: "Who asks, and the API tokens.",
  "Stand-ins": "Addresses that serve other programs in place of what they expect there.",
  Server: "Whether it runs and how it does.",
} as const;
export type Subject = keyof typeof subjects;

/** `open` needs nothing, `known` any credential, `person` a signed-in person; a scope needs that scope. */
export type Access = "open" | "known" | "person" | ScopeName;

export interface RequestBody {
  schema: v.GenericSchema;
  /** Content types; JSON when left out. Those that are neither JSON nor a form are described as text. */
  types?: readonly string[];
  /** One that the route takes. */
  example: unknown;
  /** One as plain text, where logs are taken as they are written. */
  text?: string;
}

export interface SuccessAnswer {
  status: 200 | 201 | 202 | 204;
  /** What a JSON answer holds. */
  schema?: v.GenericSchema;
  /** Content type of an answer that is no JSON. */
  type?: string;
}

/** One line of the table that the document is made of. */
export interface Operation {
  id: string;
  subject: Subject;
  method: "get" | "post" | "put" | "delete" | "options";
  /** `{name}` stands for a part that is filled in. */
  path: string;
  summary: string;
  detail?: string;
  access: Access;
  query?: v.ObjectSchema<v.ObjectEntries, undefined>;
  headers?: readonly HeaderName[];
  body?: RequestBody;
  answer: SuccessAnswer;
  /** Answers that are neither the success nor an error. */
  otherwise?: { status: number; because: string; schema?: v.GenericSchema };
  /** Codes besides those that follow from access, body and parameters. */
  errors?: readonly FailureCode[];
  /** How errors are told where it is not as everywhere. */
  errorShape?: "oauth" | "alertmanager" | "pagerduty" | "alerta" | "opsgenie";
  /** The same call under another address. */
  alias?: { id: string; path: string };
}

export const headerNotes = {
  "Idempotency-Key":
    "1 to 255 characters. The same key and body get the first answer again for 24 hours; the same key with another body is refused.",
  Prefer: "wait=5 answers after triage, or after so many seconds (at most 30), and names the groups.",
  "Content-Encoding": "gzip is taken.",
  "If-Match": "The ETag of the policy that was read; saving over another one is refused.",
  "If-None-Match": "The ETag of an answer before; 304 when nothing changed.",
  "Last-Event-ID": "The id of the last event that was read; the stream resumes after it.",
} as const;
export type HeaderName = keyof typeof headerNotes;
