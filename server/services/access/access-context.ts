import type { Credentials } from "../../auth/credentials.ts";
import type { Context } from "../../context.ts";

/** What the verbs here need of a context; nothing they do moves the queue. */
export type AccessContext = Pick<Context, "db" | "clock" | "actor" | "requestId">;

/** For verbs that end credentials: what was remembered of them goes once the end is committed. */
export type EndingContext = AccessContext & { credentials: Pick<Credentials, "forget"> };
