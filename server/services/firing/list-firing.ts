import { and, asc, eq, inArray, isNotNull, isNull, ne, or, type SQL, sql } from "drizzle-orm";
import type { SilenceMatcher } from "../../../shared/silence.ts";
import { type Context, requireScope } from "../../context.ts";
import type { Store } from "../../db/client.ts";
import { item } from "../../db/schema.ts";
import { InvalidError } from "../../errors.ts";
import { testOf } from "../../triage/silence.ts";
import { compilePattern } from "../../triage/silence-pattern.ts";
import { inScope } from "../scope.ts";
import { type FiringGroup, labelsShown, shownFields } from "./firing-group.ts";
import { readPosted } from "./read-posted.ts";

export interface FiringQuery {
  /** Those that nothing hides. */
  active: boolean;
  silenced: boolean;
  /** Those that something else hides: policy, budget, rule. */
  inhibited: boolean;
  matchers: readonly SilenceMatcher[];
  /** Where alerts go to, and what is asked of its name. */
  receiver: { name: string; matchers: readonly SilenceMatcher[] };
  /** One rule's groups one after the other instead of the worst first. */
  byRule: boolean;
}

export interface Firing {
  /** False when more match than one answer holds: it holds the worst of them. */
  isWhole: boolean;
  pages: AsyncGenerator<FiringGroup[]>;
}

/** Groups of one answer, and how many are looked through for them; both the worst first. */
const mostListed = 10_000;
const mostScanned = 100_000;
const scanRows = 1_000;
const pageRows = 1_000;

/** What fires now in the actor's scope, read a page at a time, so that no answer is ever whole in memory. */
export async function listFiring(ctx: Context, store: Store, query: FiringQuery): Promise<Firing> {
  requireScope(ctx, "queue:read");
  const { name, matchers } = query.receiver;
  const isAsked = matchers.every((matcher) => testOf(checked(matcher))(name));
  const candidates = isAsked ? await worstFirst(ctx, query) : [];
  const found = await matching(ctx, candidates, query.matchers);
  const listed = found.slice(0, mostListed);
  if (query.byRule) listed.sort((a, b) => a.rule.localeCompare(b.rule, "en"));
  const isWhole = candidates.length <= mostScanned && found.length <= mostListed;
  return {
    isWhole,
    pages: readPages(
      ctx,
      store,
      listed.map(({ id }) => id),
    ),
  };
}

/** @throws InvalidError for a regular expression that is none */
function checked(matcher: SilenceMatcher): SilenceMatcher {
  const { problem } = matcher.isRegex ? compilePattern(matcher.value) : {};
  if (problem !== undefined) throw new InvalidError(`filter: ${problem}`);
  return matcher;
}

async function worstFirst({ db, actor }: Context, query: FiringQuery): Promise<string[]> {
  const rows = await db
    .select({ id: item.id })
    .from(item)
    .where(
      and(
        eq(item.kind, "group"),
        ne(item.status, "resolved"),
        eq(item.cleared, false),
        inScope(actor),
        ofState(query),
        ...query.matchers.map(mayHold),
      ),
    )
    .orderBy(
      asc(item.band),
      sql`${item.score} desc nulls last`,
      sql`${item.lastSeen} desc nulls last`,
      item.id,
    )
    .limit(mostScanned + 1);
  return rows.map(({ id }) => id);
}

function ofState({ active, silenced, inhibited }: FiringQuery): SQL | undefined {
  const isSilenced = sql`${item.hiddenBy} is not distinct from 'silence'`;
  return and(
    active ? undefined : isNotNull(item.hiddenBy),
    silenced ? undefined : sql`not (${isSilenced})`,
    inhibited ? undefined : sql`(${isNull(item.hiddenBy)} or ${isSilenced})`,
  );
}

/** What of a matcher the store can ask already; the rest is asked of what it finds. */
function mayHold({ name, value, isRegex, isEqual }: SilenceMatcher): SQL | undefined {
  if (isRegex || !isEqual || value === "") return undefined;
  const inLabels = sql`${item.labels} ->> ${name} = ${value}`;
  if (name === "alertname") return or(eq(item.rule, value), inLabels);
  return shownFields.includes(name) ? undefined : inLabels;
}

/** In the same order; one more than an answer holds at the most. */
async function matching({ db }: Context, ids: readonly string[], matchers: readonly SilenceMatcher[]) {
  const tests = matchers.map((matcher) => ({ name: matcher.name, holds: testOf(checked(matcher)) }));
  const found: { id: string; rule: string }[] = [];
  for (let from = 0; from < ids.length && found.length <= mostListed; from += scanRows) {
    const page = ids.slice(from, from + scanRows);
    const rows = new Map((await readLabels(db, page)).map((row) => [row.id, row]));
    for (const id of page) {
      const row = rows.get(id);
      if (row === undefined) continue;
      const labels = labelsShown(row);
      const read = (name: string) => (Object.hasOwn(labels, name) ? (labels[name] ?? "") : "");
      if (tests.every(({ name, holds }) => holds(read(name)))) found.push({ id, rule: row.rule });
    }
  }
  return found;
}

function readLabels(db: Context["db"], ids: string[]) {
  return db
    .select({
      id: item.id,
      source: item.source,
      rule: item.rule,
      severity: item.severity,
      environment: item.environment,
      service: item.service,
      labels: item.labels,
    })
    .from(item)
    .where(inArray(item.id, ids));
}

async function* readPages(
  { db }: Context,
  store: Store,
  ids: readonly string[],
): AsyncGenerator<FiringGroup[]> {
  for (let from = 0; from < ids.length; from += pageRows) {
    const page = ids.slice(from, from + pageRows);
    const rows = new Map(
      (await db.select().from(item).where(inArray(item.id, page))).map((row) => [row.id, row]),
    );
    const posted = await readPosted(store, [...rows.values()]);
    yield page.flatMap((id) => {
      const row = rows.get(id);
      if (row === undefined) return [];
      const { hiddenBy, hiddenId, hiddenBecause } = row;
      const hidden = hiddenBy && { by: hiddenBy, id: hiddenId ?? "", because: hiddenBecause ?? "" };
      const labels = labelsShown(row);
      return [{ ...row, labels, hidden, fingerprint: row.fingerprint ?? "", posted: posted.get(id) ?? null }];
    });
  }
}
