import type { ActionName } from "../../shared/actions.ts";
import { inputs, outputs } from "./components.ts";
import type { Operation, RequestBody } from "./operation.ts";
import { exampleId } from "./path-parameters.ts";
import { PageQuery } from "./queries.ts";

const reading = { subject: "Items", method: "get", access: "queue:read", errors: ["not_found"] } as const;
const listing = { ...reading, query: PageQuery } as const;
const acting = {
  subject: "Items",
  method: "post",
  access: "queue:act",
  headers: ["Idempotency-Key"],
} as const satisfies Partial<Operation>;

function action(verb: ActionName, summary: string, body: RequestBody): Operation {
  return {
    ...acting,
    id: `${verb}Item`,
    path: `/api/v1/items/{id}/${verb}`,
    summary,
    body,
    answer: { status: 200, schema: outputs.ActionAnswer },
    errors: ["not_found", "stale_version", "conflict"],
  };
}

const ofItems: Operation[] = [
  {
    ...reading,
    id: "showItem",
    path: "/api/v1/items/{id}",
    summary: "One item with everything",
    answer: { status: 200, schema: outputs.ItemDetail },
  },
  {
    ...listing,
    id: "listItemMembers",
    path: "/api/v1/items/{id}/members",
    summary: "The groups that a roll-up or an incident stands for",
    answer: { status: 200, schema: outputs.ItemPage },
  },
  {
    ...listing,
    id: "showItemTimeline",
    path: "/api/v1/items/{id}/timeline",
    summary: "What happened to an item, newest first",
    answer: { status: 200, schema: outputs.TimelinePage },
  },
  {
    ...listing,
    id: "listItemAlerts",
    path: "/api/v1/items/{id}/alerts",
    summary: "The original alerts of a group, newest first",
    answer: { status: 200, schema: outputs.AlertPage },
  },
  action("acknowledge", "Say that somebody looks at it", { schema: inputs.AcknowledgeInput, example: {} }),
  action("annotate", "Add a note", {
    schema: inputs.AnnotateInput,
    example: { text: "The backup host, as every Monday." },
  }),
  action("snooze", "Put it away for a while", { schema: inputs.SnoozeInput, example: { for: "2h" } }),
  action("resolve", "Close it with a verdict", {
    schema: inputs.ResolveInput,
    example: { verdict: "benign_true_positive", note: "A planned restore." },
  }),
  action("assign", "Give it an owner", { schema: inputs.AssignInput, example: { to: "Ada" } }),
  action("escalate", "Hand it on", {
    schema: inputs.EscalateInput,
    example: { note: "Needs the database team." },
  }),
  action("reopen", "Open it again", { schema: inputs.ReopenInput, example: {} }),
  {
    ...acting,
    id: "changeItems",
    path: "/api/v1/items/bulk",
    summary: "Do the same to many items",
    detail: "Each succeeds or is refused by itself; one undo takes back what succeeded.",
    body: { schema: inputs.BulkInput, example: { ids: [exampleId], action: "acknowledge", input: {} } },
    answer: { status: 200, schema: outputs.BulkAnswer },
  },
];

export const itemOperations: readonly Operation[] = [
  ...ofItems.map((operation) => ({
    ...operation,
    alias: {
      id: operation.id.replace("Item", "Group"),
      path: operation.path.replace("/items", "/groups"),
    },
  })),
  {
    ...acting,
    id: "undo",
    path: "/api/v1/actions/{id}/undo",
    summary: "Take an action back",
    detail:
      "Within five minutes, by whoever did it. New alerts never stand in the way; a later change of the same fields by a person does.",
    answer: { status: 200, schema: outputs.UndoAnswer },
    errors: ["not_found", "conflict", "changed_since", "undo_expired"],
  },
];
