import { RejectsQuery } from "../../shared/senders.ts";
import { outputs } from "./components.ts";
import type { Operation } from "./operation.ts";
import { PageQuery } from "./queries.ts";

/** Who sends, and what of it was not taken. */
export const intakeOperations: readonly Operation[] = [
  {
    id: "listSources",
    subject: "Reports",
    method: "get",
    path: "/api/v1/sources",
    summary: "Who sends, in which format, and what of it was taken in the last 24 hours",
    detail:
      "By sender and format. Whoever reaches only some environments or services sees the senders whose token reaches no further. Counts are written every five seconds.",
    access: "reports:read",
    query: PageQuery,
    answer: { status: 200, schema: outputs.SourcePage },
  },
  {
    id: "listRejects",
    subject: "Reports",
    method: "get",
    path: "/api/v1/rejects",
    summary: "The last payloads that were refused, with the reason, newest first",
    detail:
      "The newest 100 of each sender and format, for a week; in a flood of bad alerts a few a second. A payload is its first 4 KiB (1 KiB of a body that could not be read), without the credentials that were seen in it.",
    access: "reports:read",
    query: RejectsQuery,
    answer: { status: 200, schema: outputs.RejectPage },
  },
];
