import { asList } from "./as-list.ts";
import { asText, isRecord } from "./text-field.ts";

type Cut = readonly [head: string, rest: string];

/** Every path once cut at each of its dots, the last first: the adapters have a few hundred of their own. */
const cutsOfPath = new Map<string, readonly Cut[]>();

function cutsOf(path: string): readonly Cut[] {
  const known = cutsOfPath.get(path);
  if (known !== undefined) return known;
  const cuts: Cut[] = [];
  for (let dot = path.lastIndexOf("."); dot > 0; dot = path.lastIndexOf(".", dot - 1)) {
    cuts.push([path.slice(0, dot), path.slice(dot + 1)]);
  }
  cutsOfPath.set(path, cuts);
  return cuts;
}

/**
 * The value at an ECS path such as `kibana.alert.rule.name`, nested or spelled with dots at any point: documents come
 * as `{"kibana.alert.rule.name": …}`, `{"kibana": {"alert": …}}` and mixtures of the two.
 */
export function ecsField(record: unknown, path: string): unknown {
  if (!isRecord(record)) return undefined;
  if (Object.hasOwn(record, path)) return record[path];
  for (const [head, rest] of cutsOf(path)) {
    const value = Object.hasOwn(record, head) ? ecsField(record[head], rest) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Every ECS field may hold one value or a list; the `fields` of a search are always lists. */
export function ecsTexts(record: unknown, path: string): string[] {
  return asList(ecsField(record, path))
    .map(asText)
    .filter((text) => text !== undefined);
}

export function ecsText(record: unknown, path: string): string | undefined {
  return ecsTexts(record, path)[0];
}

export function firstEcsText(record: unknown, paths: readonly string[]): string | undefined {
  for (const path of paths) {
    const text = ecsText(record, path);
    if (text !== undefined) return text;
  }
  return undefined;
}

function idsOf(thing: unknown): string[] {
  return ecsTexts(thing, "id");
}

/** ATT&CK ids of ECS `threat` and of a rule's list of threats; both nest sub-techniques in techniques. */
export function ecsTechniques(record: unknown, path: string): string[] {
  const nested = asList(ecsField(record, path)).flatMap((threat) =>
    asList(ecsField(threat, "technique")).flatMap((technique) => [
      ...idsOf(technique),
      ...asList(ecsField(technique, "subtechnique")).flatMap(idsOf),
    ]),
  );
  const flat = [`${path}.technique.id`, `${path}.technique.subtechnique.id`];
  return [...nested, ...flat.flatMap((one) => ecsTexts(record, one))];
}
