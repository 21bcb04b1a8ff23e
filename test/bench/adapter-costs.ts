import { adapterFor, detectFormat } from "../../server/adapters/registry.ts";
import { textIsClean } from "../../server/adapters/well-formed.ts";
import type { Format } from "../../shared/alert.ts";

/** Records of one format, each as it is sent. */
export interface Sample {
  format: Format;
  isText: boolean;
  bodies: string[];
}

/** Microseconds of CPU for one record: parsing it, parsing and reading it, parsing it and finding its format. */
export interface Cost {
  parsed: number;
  read: number;
  found: number;
}

/** CPU microseconds of one measurement; shorter ones are lost in the clock's ticks. */
const span = 200_000;
const repetitions = 3;

function costOf({ format, isText, bodies }: Sample): Cost {
  const adapter = adapterFor(format);
  const parse = (body: string): unknown => (isText ? body : JSON.parse(body));
  const isClean = !isText && bodies.every(textIsClean);
  return {
    parsed: microseconds(bodies, parse),
    read: microseconds(bodies, (body) => adapter.read(parse(body), isClean)),
    found: microseconds(bodies, (body) => detectFormat(parse(body))),
  };
}

/** Of one body, the best of some measurements: what else the machine does can only add to it. */
function microseconds(bodies: readonly string[], work: (body: string) => unknown): number {
  const rounds = roundsOf(bodies, work);
  const all = Array.from({ length: repetitions }, () => cpuOf(rounds, bodies, work));
  return Math.min(...all) / rounds / bodies.length;
}

/** How often fills the span; finding it out warms the code up. */
function roundsOf(bodies: readonly string[], work: (body: string) => unknown): number {
  let rounds = 64;
  while (cpuOf(rounds, bodies, work) < span / 2) rounds *= 2;
  return rounds * 2;
}

/** Not the time on the wall, which others on the machine use too. */
function cpuOf(rounds: number, bodies: readonly string[], work: (body: string) => unknown): number {
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) for (const body of bodies) work(body);
  return process.cpuUsage(before).user;
}

process.on("message", (sample: Sample) => process.send?.(costOf(sample)));
