import type { Hidden } from "../../shared/group.ts";
import type { Policy } from "../../shared/policy.ts";
import { type SilenceField, type SilenceMatcher, silenceFields } from "../../shared/silence.ts";
import type { GroupState } from "./group-state.ts";
import { weightOf } from "./placement.ts";
import { compilePattern } from "./silence-pattern.ts";

/** What a silence is held against. */
export type SilenceSubject = Pick<GroupState, SilenceField | "labels">;

/** In whose words matchers are written; see `readerOf`. */
export type Dialect = "own" | "alertmanager";

export interface SilenceRule {
  id: string;
  dialect: Dialect;
  matchers: readonly SilenceMatcher[];
  reason: string;
  author: string;
  /** What it may hide; null is everything. */
  environments: readonly string[] | null;
  services: readonly string[] | null;
  /** An administrator made it, so it may hide what is production critical. */
  overCritical: boolean;
}

/** Asks every active silence at once. */
export interface Silencer {
  /** What hides a group; null when no silence does. */
  hides(group: SilenceSubject, policy: Policy): Hidden | null;
}

interface Compiled {
  rule: SilenceRule;
  matches(group: SilenceSubject): boolean;
}

/** Silences that ask for one value of one name, found by it rather than one after the other. */
interface Shelf {
  read(group: SilenceSubject): string;
  byValue: Map<string, Compiled[]>;
}

/**
 * Made once whenever the set of active silences changes; null for none, so that nothing is asked then. Of several
 * that match the first made hides.
 */
export function createSilencer(rules: readonly SilenceRule[]): Silencer | null {
  if (rules.length === 0) return null;
  const shelves = new Map<string, Shelf>();
  const others: Compiled[] = [];
  for (const rule of rules) {
    const compiled = { rule, matches: matcherOf(rule) };
    const exact = rule.matchers.find(({ isRegex, isEqual, value }) => isEqual && !isRegex && value !== "");
    if (exact === undefined) others.push(compiled);
    else shelve(shelves, compiled, exact);
  }
  const candidates = (group: SilenceSubject): Compiled[] =>
    [...shelves.values()].reduce(
      (all, shelf) => all.concat(shelf.byValue.get(shelf.read(group)) ?? []),
      others,
    );
  return {
    hides: (group, policy) => {
      const found = candidates(group).filter(({ matches }) => matches(group));
      if (found.length === 0) return null;
      const mustShow = isProductionCritical(group, policy);
      const allowed = found.flatMap(({ rule }) => (mustShow && !rule.overCritical ? [] : [rule]));
      const [first] = allowed.sort((a, b) => (a.id < b.id ? -1 : 1));
      return first === undefined ? null : hiddenBy(first);
    },
  };
}

/** Whether a silence is over a group, whoever made it. */
export function matcherOf(
  rule: Pick<SilenceRule, "dialect" | "matchers" | "environments" | "services">,
): (group: SilenceSubject) => boolean {
  const { dialect, environments, services } = rule;
  const tests = rule.matchers.map((matcher) => {
    const read = readerOf(dialect, matcher.name);
    const holds = testOf(matcher);
    return (group: SilenceSubject) => holds(read(group));
  });
  return (group) =>
    (environments === null || environments.includes(group.environment)) &&
    (services === null || (group.service !== null && services.includes(group.service))) &&
    tests.every((test) => test(group));
}

/** Production, or whatever else weighs in full because nobody mapped it. */
export function isProductionCritical(
  { severity, environment }: Pick<SilenceSubject, "severity" | "environment">,
  policy: Policy,
): boolean {
  return severity === "critical" && weightOf(environment, policy) >= 1;
}

/** Whether a value meets a matcher; what is not there is empty text. */
export function testOf({ value: wanted, isRegex, isEqual }: SilenceMatcher): (value: string) => boolean {
  if (!isRegex) return (value) => (value === wanted) === isEqual;
  const pattern = compilePattern(wanted);
  // None is stored that does not compile; one from elsewhere hides nothing.
  if (pattern.problem !== undefined) return () => false;
  return (value) => pattern.matches(value) === isEqual;
}

/**
 * What a name stands for. In our own words the names of fields are fields and all others labels. A client of
 * Alertmanager sees labels only: a label of the name comes first, then the field, and `alertname` is the rule.
 */
export function readerOf(dialect: Dialect, name: string): (group: SilenceSubject) => string {
  const field = silenceFields.find((one) => one === name);
  const fromLabel = ({ labels }: SilenceSubject) => (Object.hasOwn(labels, name) ? labels[name] : undefined);
  const fromField = (group: SilenceSubject) => (field === undefined ? undefined : (group[field] ?? ""));
  if (dialect === "own")
    return field === undefined ? (group) => fromLabel(group) ?? "" : (group) => fromField(group) ?? "";
  return (group) => fromLabel(group) ?? fromField(group) ?? (name === "alertname" ? group.rule : "");
}

function shelve(shelves: Map<string, Shelf>, compiled: Compiled, { name, value }: SilenceMatcher): void {
  const { dialect } = compiled.rule;
  const key = `${dialect} ${name}`;
  const shelf = shelves.get(key) ?? { read: readerOf(dialect, name), byValue: new Map() };
  shelves.set(key, shelf);
  shelf.byValue.set(value, [...(shelf.byValue.get(value) ?? []), compiled]);
}

function hiddenBy({ id, reason, author }: SilenceRule): Hidden {
  return { by: "silence", id, because: `${reason} (${author})` };
}
