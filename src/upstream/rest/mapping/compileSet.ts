import { isJsonObject } from '../../../base/kit/isJsonObject.js';
import type { SelectionItem, SelectionSet } from '../../../supergraph/connect/mapping/Mapping.js';
import type { Compilers } from './Compilers.js';
import type { Evaluation, Frame, Location, Step } from './Evaluation.js';
import { setProperty, typeName } from './jsonValues.js';
import { mergeInto } from './mergeInto.js';

/** Writes what an item makes of `frame.value` into `output`. */
type ItemWriter = (evaluation: Evaluation, frame: Frame, output: Record<string, unknown>) => void;

/** `{ … }`: an object of what its items make of the input, or of each element where that is a list. */
export function compileSet(set: SelectionSet, locals: ReadonlySet<string>, compilers: Compilers): Step {
  const named = new Set<string>();
  const hasInline = set.items.some((item) => item.kind === 'inline');
  const writers = set.items.map((item) => {
    const isFirst = item.kind !== 'inline' && !hasInline && !named.has(item.name.name);
    if (item.kind !== 'inline') named.add(item.name.name);
    return compileItem(item, isFirst, locals, compilers);
  });
  const work = writers.length + 1;

  const one: Step = (evaluation, frame, value, location) => {
    if (Array.isArray(value)) return each(evaluation, frame, value, location);
    evaluation.spend(work);
    const inner: Frame = { value, location, locals: frame.locals };
    const output: Record<string, unknown> = {};
    // Nothing can be found in null, and that is nobody's mistake; but constants are.
    if (value === null) evaluation.quietly(() => writeAll(evaluation, inner, output));
    else writeAll(evaluation, inner, output);
    return isJsonObject(value) || !isEmpty(output) ? output : value;
  };

  function each(evaluation: Evaluation, frame: Frame, elements: readonly unknown[], location: Location): unknown[] {
    return evaluation.deeper(() =>
      elements.map((element, key) => one(evaluation, frame, element, { parent: location, key }) ?? null),
    );
  }

  function writeAll(evaluation: Evaluation, frame: Frame, output: Record<string, unknown>): void {
    for (const write of writers) write(evaluation, frame, output);
  }

  return one;
}

function compileItem(
  item: SelectionItem,
  isFirst: boolean,
  locals: ReadonlySet<string>,
  compilers: Compilers,
): ItemWriter {
  const make = item.kind === 'group' ? compilers.set(item.set, locals) : compilers.path(item.path, locals);
  const evaluate = (evaluation: Evaluation, frame: Frame): unknown =>
    make(evaluation, frame, frame.value, frame.location);
  if (item.kind === 'inline') {
    return (evaluation, frame, output) => {
      const value = evaluate(evaluation, frame);
      if (isJsonObject(value)) mergeInto(evaluation, output, value, frame.location, item);
      else if (value !== undefined && value !== null) {
        evaluation.report(
          `Expected an object whose fields can join others, not ${typeName(value)}`,
          frame.location,
          item,
        );
      }
    };
  }
  const { name } = item.name;
  if (isFirst && name !== '__proto__') {
    return (evaluation, frame, output) => {
      const value = evaluate(evaluation, frame);
      if (value !== undefined) output[name] = value;
    };
  }
  return (evaluation, frame, output) => {
    const value = evaluate(evaluation, frame);
    if (value === undefined) return;
    const field: Record<string, unknown> = {};
    setProperty(field, name, value);
    mergeInto(evaluation, output, field, frame.location, item);
  };
}

function isEmpty(output: Record<string, unknown>): boolean {
  for (const _ in output) return false;
  return true;
}
