import type { Supergraph } from '../../supergraph/model/Supergraph.js';
import type { Operation } from './Operation.js';

/** Gives the override labels that are on for one request, sorted. */
export type RollLabels = () => readonly string[];

type Facts = Pick<Supergraph, 'overrideLabels' | 'hiddenOverrideLabels'>;

/**
 * Labels of progressive `@override(label:)` that the operation can meet: of its own fields, and of fields that keys or `@requires`
 * name, which any operation may meet. Sorted, each once. Only these may be in a plan's cache key.
 */
export function labelsMet(operation: Pick<Operation, 'coordinates'>, supergraph: Facts): readonly string[] {
  const labels = new Set(supergraph.hiddenOverrideLabels);
  for (const [coordinate, label] of supergraph.overrideLabels) {
    if (operation.coordinates.has(coordinate)) labels.add(label);
  }
  return [...labels].sort();
}

/**
 * Compiles the choice of labels that is made per request: a `percent(n)` label is on for n of 100 requests, any other when it is
 * enabled. Labels that the operation cannot meet are left out.
 *
 * All `percent(n)` labels of a request see one roll: what is on at 10 % is on at 20 % too, so that n such labels make n + 1 plans of
 * an operation and not 2^n.
 *
 * @param enabled labels that the operator has switched on
 * @param random gives a number from 0 to below 1; called at most once per request
 */
export function compileLabels(
  operation: Pick<Operation, 'coordinates'>,
  supergraph: Facts,
  enabled: ReadonlySet<string>,
  random: () => number = Math.random,
): RollLabels {
  const certain: string[] = [];
  const rolled: Array<readonly [label: string, percent: number]> = [];
  for (const label of labelsMet(operation, supergraph)) {
    const percent = percentOf(label);
    if (percent !== undefined) rolled.push([label, percent]);
    else if (enabled.has(label)) certain.push(label);
  }
  if (rolled.length === 0) return () => certain;
  return () => {
    const roll = random() * 100;
    const labels = [...certain];
    for (const [label, percent] of rolled) if (roll < percent) labels.push(label);
    return labels.sort();
  };
}

/** The n of `percent(n)`, 0 to 100; undefined for any other label. */
function percentOf(label: string): number | undefined {
  const match = /^percent\((\d{1,3}(?:\.\d{1,8})?)\)$/.exec(label);
  const percent = match === null ? undefined : Number(match[1]);
  return percent === undefined || percent > 100 ? undefined : percent;
}
