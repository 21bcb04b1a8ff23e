import type { Context as HonoContext } from "hono";
import { stream } from "hono/streaming";
import { FilterQuery, FiringAlertsQuery } from "../../shared/alertmanager.ts";
import type { Deps } from "../context.ts";
import { InvalidError } from "../errors.ts";
import { parse } from "../parse.ts";
import type { AppEnv } from "../routes/app-env.ts";
import type { FiringGroup } from "../services/firing/firing-group.ts";
import { type Firing, type FiringQuery, listFiring } from "../services/firing/list-firing.ts";
import { gettableAlert, receiver } from "./alertmanager-alert.ts";
import { parseMatcher } from "./alertmanager-matcher.ts";

type FiringDeps = Pick<Deps, "store" | "log">;

/** `GET /alerts`. */
export async function answerAlerts(c: HonoContext<AppEnv>, deps: FiringDeps): Promise<Response> {
  const firing = await firingOf(c, deps, { byRule: false });
  return streamed(c, deps, firing, alertPieces(firing, c.var.ctx.clock()));
}

/** `GET /alerts/groups`: an alert's group there is the name it fires under. */
export async function answerAlertGroups(c: HonoContext<AppEnv>, deps: FiringDeps): Promise<Response> {
  const firing = await firingOf(c, deps, { byRule: true });
  return streamed(c, deps, firing, groupPieces(firing, c.var.ctx.clock()));
}

async function firingOf(
  c: HonoContext<AppEnv>,
  { store }: FiringDeps,
  { byRule }: Pick<FiringQuery, "byRule">,
): Promise<Firing> {
  const { active, silenced, inhibited, ...query } = parse(FiringAlertsQuery, queryOf(c));
  const matchers = (query.filter ?? []).map(parseMatcher);
  const receivers = (query.receiver_matchers ?? []).map(parseMatcher);
  if (query.receiver) receivers.push(receiverMatcher(query.receiver));
  if (receivers.some(({ name }) => name !== "name" && name !== "receiver")) {
    throw new InvalidError("receiver_matchers: a receiver has a name only");
  }
  return listFiring(c.var.ctx, store, {
    ...{ active, silenced, inhibited, matchers, byRule },
    receiver: { name: receiver.name, matchers: receivers },
  });
}

/** What is given once is a text, what is repeated a list, as query schemas take it. */
function queryOf(c: HonoContext<AppEnv>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(c.req.queries()).map(([name, [first, ...more]]) => [
      name,
      more.length === 0 ? first : [first, ...more],
    ]),
  );
}

/** The matchers of `filter`, which may be given more than once. */
export function filtersOf(c: HonoContext<AppEnv>) {
  return (parse(FilterQuery, queryOf(c)).filter ?? []).map(parseMatcher);
}

const receiverMatcher = (value: string) => ({ name: "name", value, isRegex: true, isEqual: true });

async function* alertPieces({ pages }: Firing, now: number): AsyncGenerator<string> {
  let before = "[";
  for await (const page of pages) {
    for (const group of page) {
      yield `${before}${JSON.stringify(gettableAlert(group, now))}`;
      before = ",";
    }
  }
  yield before === "[" ? "[]" : "]";
}

async function* groupPieces({ pages }: Firing, now: number): AsyncGenerator<string> {
  let open: string | null = null;
  for await (const page of pages) {
    for (const group of page) {
      const alert = gettableAlert(group, now);
      if (group.rule === open) yield `,${JSON.stringify(alert)}`;
      else yield `${open === null ? "[" : "]},"}${headOf(group, alert)}`;
      open = group.rule;
    }
  }
  yield open === null ? "[]" : "]}]";
}

function headOf({ rule }: FiringGroup, alert: ReturnType<typeof gettableAlert>): string {
  const labels = { alertname: alert.labels.alertname ?? rule };
  const head = JSON.stringify({ labels, receiver });
  return `${head.slice(0, -1)},"alerts":[${JSON.stringify(alert)}`;
}

/** A failure on the way ends the answer early, which no client takes for the whole. */
function streamed(
  c: HonoContext<AppEnv>,
  { log }: FiringDeps,
  { isWhole }: Firing,
  pieces: AsyncGenerator<string>,
): Response {
  c.header("Content-Type", "application/json");
  c.header("Cache-Control", "no-store");
  if (!isWhole)
    c.header("X-Quietwatch-Incomplete", "the worst of what fires; narrow the filter for the rest");
  const { requestId } = c.var;
  return stream(
    c,
    async (to) => {
      for await (const piece of pieces) {
        if (to.aborted) return;
        await to.write(piece);
      }
    },
    async (error) => log("error", "alertmanager.alerts.failed", { requestId, message: error.message }),
  );
}
