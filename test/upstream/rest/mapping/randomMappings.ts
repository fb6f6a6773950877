import fc from 'fast-check';

import type {
  Expression,
  MappingPath,
  PathStep,
  SelectionItem,
  SelectionSet,
} from '../../../../src/supergraph/connect/mapping/Mapping.js';
import type { MethodName } from '../../../../src/supergraph/connect/mapping/methods.js';

const NOWHERE = { start: 0, end: 0 };

/** Names that random mappings use and random inputs have. */
const NAMES = ['a', 'b', 'c', 'id', 'quoted name', 'true', '__proto__'];
const name = fc.constantFrom(...NAMES);
const key = name.map((text) => ({ name: text, ...NOWHERE }));

const argumentsOf: Readonly<Record<string, number>> = {
  ...{ echo: 1, map: 1, filter: 1, find: 1, get: 1, has: 1, joinNotNull: 1, in: 1, contains: 1 },
  ...{ eq: 1, ne: 1, lt: 1, lte: 1, gt: 1, gte: 1, and: 2, or: 1, not: 0 },
  ...{ first: 0, last: 0, slice: 2, size: 0, entries: 0, keys: 0, values: 0, typeof: 0 },
  ...{ jsonStringify: 0, toString: 0, add: 1, sub: 2, mul: 1, div: 1, mod: 1, parseInt: 0 },
};

interface Parts {
  readonly path: MappingPath;
  readonly argumentPath: MappingPath;
  readonly expression: Expression;
  readonly set: SelectionSet;
  readonly item: SelectionItem;
  readonly step: PathStep;
}

const number = fc
  .oneof(fc.integer({ min: -3, max: 12 }), fc.constantFrom(0.5, -1.25))
  .map((value) => ({ kind: 'number' as const, value, text: String(value), ...NOWHERE }));

const parts = fc.letrec<Parts>((tie: fc.LetrecTypedTie<Parts>) => {
  const expressions = (length: number): fc.Arbitrary<Expression[]> =>
    fc.array(tie('expression'), { minLength: length, maxLength: length });
  const literal = fc.oneof(
    { maxDepth: 3 },
    fc.oneof(name, fc.string({ maxLength: 5 })).map((value) => ({ kind: 'string' as const, value, ...NOWHERE })),
    number,
    fc.constantFrom(true, false, null).map((value) => ({ kind: 'constant' as const, value, ...NOWHERE })),
    fc.array(tie('expression'), { maxLength: 3 }).map((elements) => ({ kind: 'array' as const, elements, ...NOWHERE })),
    fc
      .array(fc.record({ key, value: tie('expression') }), { maxLength: 3 })
      .map((properties) => ({ kind: 'object' as const, properties, ...NOWHERE })),
  );
  const method = fc.constantFrom(...Object.keys(argumentsOf)).chain((method) =>
    expressions(argumentsOf[method]!).map((inputs) => ({
      kind: 'method' as const,
      name: method as MethodName,
      arguments: inputs.length === 0 ? undefined : inputs,
      ...NOWHERE,
    })),
  );
  const cases = fc
    .record({
      name: fc.constantFrom<MethodName>('match', 'matchIf'),
      pairs: fc.array(expressions(2), { minLength: 1, maxLength: 2 }),
    })
    .map(({ name: method, pairs }) => ({
      kind: 'method' as const,
      name: method,
      arguments: pairs.map((elements): Expression => ({ kind: 'array', elements, ...NOWHERE })),
      ...NOWHERE,
    }));
  const bind = fc.constantFrom('$x', '$args').map((variable) => ({
    kind: 'method' as const,
    name: 'as' as const,
    arguments: [
      {
        kind: 'path' as const,
        head: { kind: 'variable' as const, name: variable, ...NOWHERE },
        steps: [],
        set: undefined,
        ...NOWHERE,
      },
    ],
    ...NOWHERE,
  }));
  const head = fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('dollar' as const, 'at' as const).map((kind) => ({ kind, ...NOWHERE })),
    name.map((text) => ({ kind: 'key' as const, name: text, ...NOWHERE })),
    fc.constantFrom('$args', '$x', '$this').map((text) => ({ kind: 'variable' as const, name: text, ...NOWHERE })),
    tie('expression').map((expression) => ({ kind: 'expression' as const, expression, ...NOWHERE })),
  );
  const steps = fc
    .array(tie('step'), { maxLength: 3 })
    .map((all) => all.filter((step, index) => step.kind !== 'optional' || all[index - 1]?.kind !== 'optional'));
  const set = fc.option(tie('set'), { nil: undefined, freq: 3, maxDepth: 3 });
  const path = fc.record({ head, steps, set }).map((rest): MappingPath => ({ kind: 'path', ...rest, ...NOWHERE }));
  /** In expressions, a quoted or special word is a literal, and no key. */
  const inExpression = path.map((made): MappingPath =>
    made.head.kind === 'key' && !/^(a|b|c|id|__proto__)$/.test(made.head.name)
      ? { ...made, head: { kind: 'dollar', ...NOWHERE } }
      : made,
  );
  const literalPath = fc
    .record({ literal, steps: fc.array(tie('step'), { minLength: 1, maxLength: 2 }) })
    .filter(
      ({ literal: start, steps: all }) =>
        !(start.kind === 'number' && all[0]!.kind === 'key') &&
        all.every((step, index) => step.kind !== 'optional' || all[index - 1]?.kind !== 'optional'),
    )
    .map(({ literal: start, steps: all }): MappingPath => ({
      kind: 'path',
      head: { kind: 'literal', literal: start, ...NOWHERE },
      steps: all,
      set: undefined,
      ...NOWHERE,
    }));
  return {
    path,
    argumentPath: inExpression,
    expression: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      literal,
      tie('argumentPath'),
      literalPath,
      fc
        .record({
          operator: fc.constantFrom('??' as const, '?!' as const),
          operands: fc.array(fc.oneof(literal, tie('argumentPath')), { minLength: 2, maxLength: 3 }),
        })
        .map((rest): Expression => ({ kind: 'chain', ...rest, ...NOWHERE })),
    ),
    step: fc.oneof(
      { maxDepth: 3 },
      name.map((text): PathStep => ({ kind: 'key', name: text, ...NOWHERE })),
      fc.constant<PathStep>({ kind: 'optional', ...NOWHERE }),
      method as fc.Arbitrary<PathStep>,
      cases as fc.Arbitrary<PathStep>,
      bind as fc.Arbitrary<PathStep>,
    ),
    set: fc
      .array(tie('item'), { minLength: 1, maxLength: 3 })
      .map((items): SelectionSet => ({ kind: 'set', items, ...NOWHERE })),
    item: fc.oneof(
      { maxDepth: 4 },
      key.map((made): SelectionItem => ({
        kind: 'field',
        name: made,
        aliased: false,
        path: { kind: 'path', head: { kind: 'key', ...made }, steps: [], set: undefined, ...NOWHERE },
        ...NOWHERE,
      })),
      fc
        .record({ name: key, path })
        .map((rest): SelectionItem => ({ kind: 'field', aliased: true, ...rest, ...NOWHERE })),
      fc.record({ name: key, set: tie('set') }).map((rest): SelectionItem => ({ kind: 'group', ...rest, ...NOWHERE })),
      fc.record({ path, set: tie('set') }).map(({ path: made, set: taken }): SelectionItem => {
        const isName = made.head.kind === 'key' && made.steps.every((step) => step.kind === 'optional');
        const dollar = { kind: 'dollar' as const, ...NOWHERE };
        const inline: MappingPath = { ...made, head: isName ? dollar : made.head, set: taken };
        return { kind: 'inline', path: inline, ...NOWHERE };
      }),
    ),
  };
});

/** Roots as the parser makes them: a path, or a set that is not one inline item. */
export const randomRoot: fc.Arbitrary<MappingPath | SelectionSet> = fc.oneof(
  parts.set.map((set) => {
    const [only] = set.items;
    return set.items.length === 1 && only!.kind === 'inline' ? only!.path : set;
  }),
  parts.path.map((path): MappingPath | SelectionSet => {
    const isName = path.head.kind === 'key' && path.steps.every((step) => step.kind === 'optional');
    return isName ? { ...path, head: { kind: 'dollar', ...NOWHERE } } : path;
  }),
);

/** JSON values with the names that random mappings look for. */
export const randomInput: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'input' },
    fc.constantFrom(null, true, false, 0, 1, 2.5, -7, '', 'a', 'text', '12', 'b'),
    fc.array(tie('value'), { maxLength: 3, depthIdentifier: 'input' }),
    fc
      .array(fc.tuple(name, tie('value')), { maxLength: 4, depthIdentifier: 'input' })
      .map(
        (entries) =>
          JSON.parse(`{${entries.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join()}}`) as unknown,
      ),
  ),
})).value;
