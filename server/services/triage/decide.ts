import type { Alert, Severity } from "../../../shared/alert.ts";
import type { LogChunk } from "../../intake/log.ts";
import type { Content } from "../../triage/content.ts";
import type { GroupState } from "../../triage/group-state.ts";
import { prepare } from "../../triage/prepare.ts";
import { countRepeat, repeatableAfter } from "../../triage/repeat.ts";
import { type Knowledge, run } from "../../triage/run.ts";
import { hourMs } from "../../triage/volume.ts";
import type { CachedGroup } from "./group-cache.ts";
import type { Decided, PlacedChunk, StoryTurn, Touched } from "./outcome.ts";

/** A chunk of the log with what each of its alerts says. */
export interface ReadChunk {
  chunk: LogChunk;
  contents: Content[];
}

/** Alerts after which other work gets its turn. */
const breath = 10_000;

export async function readContents(
  chunks: LogChunk[],
  contentOf: (alert: Alert, ceiling: Severity | null) => Content,
): Promise<ReadChunk[]> {
  const read: ReadChunk[] = [];
  for await (const chunk of inBreaths(chunks, ({ places }) => places))
    read.push({ chunk, contents: chunk.alerts.map(({ alert, ceiling }) => contentOf(alert, ceiling)) });
  return read;
}

/** Takes a stretch of the log into its groups, in memory. `loaded` are those of them that exist; they are changed. */
export async function decide(
  chunks: ReadChunk[],
  loaded: CachedGroup[],
  knowledge: Knowledge,
): Promise<Decided> {
  const touched = new Map<string, Touched>();
  const turns: StoryTurn[] = [];
  for (const cached of loaded) touched.set(cached.group.fingerprint, touchedOf(cached, touched.size));
  const placed: PlacedChunk[] = [];
  for await (const { chunk, contents } of inBreaths(chunks, ({ contents }) => contents.length)) {
    const { id, seq, receivedAt } = chunk;
    const positions = new Int32Array(chunk.places).fill(-1);
    for (let i = 0; i < contents.length; i += 1) {
      const content = contents[i];
      const logged = chunk.alerts[i];
      if (content === undefined || logged === undefined) continue;
      const one = takeIn(touched, content, receivedAt, logged.said, knowledge, turns);
      positions[logged.place] = one.position;
    }
    placed.push({ id, seq, receivedAt, positions });
  }
  return { chunks: placed, touched: [...touched.values()], turns };
}

async function* inBreaths<Part>(parts: Part[], alertsIn: (part: Part) => number): AsyncGenerator<Part> {
  let done = 0;
  for (const part of parts) {
    if (done >= breath) {
      await new Promise((resolve) => setImmediate(resolve));
      done = 0;
    }
    done += alertsIn(part);
    yield part;
  }
}

function touchedOf({ lastIndex, ...cached }: CachedGroup, position: number): Touched {
  return { ...cached, isNew: false, position, previousIndex: lastIndex, before: null, hours: new Map() };
}

/** Counts what only repeats; for anything else the steps of `run`. */
function takeIn(
  touched: Map<string, Touched>,
  content: Content,
  receivedAt: number,
  said: number | null,
  knowledge: Knowledge,
  turns: StoryTurn[],
): Touched {
  const known = touched.get(content.fingerprint);
  if (
    known?.repeatable?.content === content &&
    countRepeat(known.group, known.repeatable, receivedAt, said)
  ) {
    tally(known, receivedAt, false);
    return known;
  }
  const prepared = prepare(content, receivedAt, said);
  if (known !== undefined && !known.isNew) known.before ??= snapshot(known.group);
  const decision = run(known?.group, prepared, knowledge);
  const one = known ?? begun(decision.group, touched);
  one.repeatable = repeatableAfter(one.group, prepared, content);
  tally(one, receivedAt, decision.interrupts);
  for (const turn of decision.turns) turns.push({ ...turn, group: one.group.id, at: receivedAt });
  return one;
}

function begun(group: GroupState, touched: Map<string, Touched>): Touched {
  const fresh: Touched = {
    group,
    repeatable: null,
    changedSeq: 0,
    isNew: true,
    position: touched.size,
    previousIndex: null,
    before: null,
    hours: new Map(),
  };
  touched.set(group.fingerprint, fresh);
  return fresh;
}

/** Deep enough for what `run` changes in place. */
function snapshot(group: GroupState): GroupState {
  const { memory } = group;
  return {
    ...group,
    entities: [...group.entities],
    techniques: [...group.techniques],
    memory: {
      ...memory,
      hours: { ...memory.hours },
      firing: { ...memory.firing },
      moreEntities: [...memory.moreEntities],
    },
  };
}

function tally({ hours }: Touched, receivedAt: number, interrupts: boolean): void {
  const hour = Math.floor(receivedAt / hourMs);
  const sum = hours.get(hour);
  if (sum === undefined) {
    hours.set(hour, { first: receivedAt, last: receivedAt, alerts: 1, interruptions: interrupts ? 1 : 0 });
    return;
  }
  sum.last = Math.max(sum.last, receivedAt);
  sum.alerts += 1;
  if (interrupts) sum.interruptions += 1;
}
