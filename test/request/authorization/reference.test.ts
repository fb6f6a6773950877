import fc from 'fast-check';
import {
  GraphQLError,
  execute as executeGraphQL,
  getNamedType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql';
import type { GraphQLOutputType, GraphQLSchema, SelectionSetNode } from 'graphql';
import { expect, it } from 'vitest';

import type { Identity } from '../../../src/request/Identity.js';
import { anonymous } from '../../../src/request/Identity.js';
import { readSupergraph } from '../../../src/supergraph/read/readSupergraph.js';
import { composeSdl } from '../../support/compose.js';
import { someone } from '../../support/identities.js';
import { createTestGateway } from '../../support/testGateway.js';

/** What a generated place demands: who is somebody, and one of two scopes, or both. */
interface Rule {
  readonly authenticated: boolean;
  readonly scopes: readonly (readonly string[])[];
}

const SCOPES = ['a', 'b', 'c'];
const TYPES = ['A', 'B', 'C'];
const rule = fc.option(
  fc.record({
    authenticated: fc.boolean(),
    scopes: fc.array(fc.uniqueArray(fc.constantFrom(...SCOPES), { minLength: 1, maxLength: 2 }), { maxLength: 2 }),
  }),
  { nil: undefined, freq: 2 },
);

/** Types of three leaves, an object, a list and an abstract field each; every place may have a rule. */
const graph = fc.record({
  types: fc.tuple(rule, rule, rule),
  fields: fc.array(rule, { minLength: 24, maxLength: 24 }),
  nonNull: fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }),
});

function directives(one: Rule | undefined): string {
  if (one === undefined) return '';
  const scopes = one.scopes.length > 0 ? ` @requiresScopes(scopes: ${JSON.stringify(one.scopes)})` : '';
  return `${one.authenticated ? ' @authenticated' : ''}${scopes}`;
}

type Rules = ReadonlyMap<string, Rule>;

function build({
  types,
  fields,
  nonNull,
}: {
  types: readonly (Rule | undefined)[];
  fields: readonly (Rule | undefined)[];
  nonNull: readonly boolean[];
}) {
  const rules = new Map<string, Rule>();
  const at = (coordinate: string, one: Rule | undefined): string => {
    if (one !== undefined) rules.set(coordinate, one);
    return directives(one);
  };
  let next = 0;
  const field = (type: string, name: string, of: string): string => {
    const i = next++ % fields.length;
    // Equal names of leaves meet in fragments, and must have equal types there; an interface has `x` too.
    const isNonNull = name !== 'x' && nonNull[name === 'y' ? 0 : i] === true;
    return `${name}: ${of}${isNonNull ? '!' : ''}${at(`${type}.${name}`, fields[i])}`;
  };
  const body = (type: string): string =>
    [
      field(type, 'x', 'String'),
      field(type, 'y', 'Int'),
      field(type, 'one', 'A'),
      field(type, 'many', '[B]'),
      field(type, 'any', 'Any'),
      field(type, 'node', 'Node'),
    ].join(' ');
  const sdl = `type Query { ${body('Query')} } union Any = A | B | C interface Node { x: String }
    ${TYPES.map((type, i) => `type ${type} implements Node${at(type, types[i])} { ${body(type)} }`).join('\n')}`;
  return { sdl, rules };
}

/** An operation of everything, cut and varied by a list of numbers. */
function operation(choices: readonly number[]): string {
  let at = 0;
  let aliases = 0;
  const pick = (n: number): number => choices[at++ % choices.length]! % n;
  const set = (depth: number, isAbstract: boolean, hasX: boolean): string => {
    const parts = ['__typename'];
    if (isAbstract) {
      if (hasX && pick(2) === 0) parts.push('x');
      for (const type of TYPES) if (pick(3) > 0) parts.push(`... on ${type} { ${set(depth - 1, false, true)} }`);
      return parts.join(' ');
    }
    for (const name of ['x', 'y']) if (pick(2) === 0) parts.push(name);
    if (depth <= 0) return parts.join(' ');
    for (const name of ['one', 'many', 'any', 'node']) {
      if (pick(2) === 0) continue;
      const condition = ['', '', '@include(if: $t)', '@skip(if: $t)'][pick(4)]!;
      parts.push(
        `k${aliases++}: ${name} ${condition} { ${set(depth - 1, name === 'any' || name === 'node', name === 'node')} }`,
      );
    }
    return parts.join(' ');
  };
  return `query($t: Boolean = true) { ${set(2, false, true)} z: x @include(if: $t) }`;
}

// The reference: who may have a field, by reading the rules at its place. Nothing is compiled, cut or cached.
function meets(one: Rule | undefined, { kind, scopes }: Identity): boolean {
  if (one === undefined) return true;
  if (one.authenticated && kind === 'anonymous') return false;
  return one.scopes.length === 0 || one.scopes.some((group) => group.every((scope) => scopes.has(scope)));
}

function may(schema: GraphQLSchema, rules: Rules, identity: Identity, parent: string, name: string): boolean {
  const type = schema.getType(parent);
  if (!isObjectType(type)) return TYPES.every((each) => may(schema, rules, identity, each, name));
  const own = getNamedType(type.getFields()[name]!.type).name;
  return [parent, `${parent}.${name}`, own].every((place) => meets(rules.get(place), identity));
}

/** The places of an operation, and which of them are refused, by walking its text. */
function refusedPaths(
  schema: GraphQLSchema,
  rules: Rules,
  identity: Identity,
  query: string,
  counts: 'reached' | 'written' = 'reached',
): string[] {
  const refused = new Set<string>();
  const walk = ({ selections }: SelectionSetNode, parent: string, path: readonly string[]): void => {
    for (const node of selections) {
      if (node.kind === 'InlineFragment') walk(node.selectionSet, node.typeCondition!.name.value, path);
      if (node.kind !== 'Field' || node.name.value === '__typename') continue;
      if (counts === 'reached' && node.directives?.some((directive) => directive.name.value === 'skip')) continue;
      const own = [...path, node.alias?.value ?? node.name.value];
      if (!may(schema, rules, identity, parent, node.name.value)) {
        refused.add(own.join('.'));
        continue;
      }
      const type = schema.getType(parent);
      if (node.selectionSet === undefined || type === undefined || !('getFields' in type)) continue;
      const fieldType = type.getFields()[node.name.value]!.type as GraphQLOutputType;
      walk(node.selectionSet, getNamedType(fieldType).name, [
        ...own,
        ...(isListType(isNonNullType(fieldType) ? fieldType.ofType : fieldType) ? ['@'] : []),
      ]);
    }
  };
  const [definition] = parse(query).definitions;
  if (definition?.kind === 'OperationDefinition') walk(definition.selectionSet, 'Query', []);
  return [...refused].sort();
}

/** Resolvers whose values name the place that gave them: `A.x`. */
function resolverFor(type: string): Record<string, () => unknown> {
  const object = (name: string) => ({ __typename: name });
  return {
    x: () => `secret ${type}.x`,
    y: () => 1000 + [...TYPES, 'Query'].indexOf(type),
    one: () => object('A'),
    many: () => [object('B'), object('B')],
    any: () => object(type === 'Query' ? 'B' : 'C'),
    node: () => object(type === 'Query' ? 'C' : 'A'),
  };
}
const resolvers = Object.fromEntries(['Query', ...TYPES].map((type) => [type, resolverFor(type)]));

it('compiled gates and a reference that reads the rules agree on every field, and nothing refused is asked or answered', async () => {
  const identities = fc.option(fc.uniqueArray(fc.constantFrom(...SCOPES)), { nil: undefined, freq: 4 });
  await fc.assert(
    fc.asyncProperty(
      graph,
      fc.array(fc.tuple(fc.array(fc.nat(11), { minLength: 40, maxLength: 60 }), identities), {
        minLength: 6,
        maxLength: 6,
      }),
      async (spec, cases) => {
        const { sdl, rules } = build(spec);
        const supergraphSdl = composeSdl({ a: sdl });
        const schema = readSupergraph(supergraphSdl).apiSchema;
        const gateway = createTestGateway({
          subgraphs: { a: { typeDefs: sdl, resolvers } },
          supergraphSdl,
          limits: { maxAliases: 1000, maxDirectives: 1000 },
        });
        try {
          for (const [choices, scopes] of cases) {
            const identity = scopes === undefined ? anonymous : someone('s', scopes);
            const query = operation(choices);
            gateway.calls.length = 0;
            const { data, dataText, errors } = await gateway.execute({ query, identity });
            const refused = errors.filter(({ extensions }) => extensions['code'] === 'UNAUTHORIZED_FIELD_OR_TYPE');
            expect(refused.map(({ path }) => path?.join('.') ?? '').sort()).toEqual(
              refusedPaths(schema, rules, identity, query),
            );
            // Nobody else went wrong: every null has its reason among these.
            expect(errors).toHaveLength(refused.length);
            for (const type of ['Query', ...TYPES])
              if (!may(schema, rules, identity, type, 'x')) expect(dataText).not.toContain(`secret ${type}.x`);
            for (const { text } of gateway.calls)
              expect(refusedPaths(schema, rules, identity, text, 'written')).toEqual([]);
            expect(await expected(schema, rules, identity, query)).toEqual(data);
          }
        } finally {
          await gateway.close();
        }
      },
    ),
    { numRuns: 40 },
  );
}, 300_000);

/** The data that graphql-js gives when each refused selection throws where it stands. */
async function expected(schema: GraphQLSchema, rules: Rules, identity: Identity, query: string): Promise<unknown> {
  const { data } = await executeGraphQL({
    schema,
    document: parse(query),
    fieldResolver: (
      source: { __typename?: string } | undefined,
      _args,
      _context,
      { parentType, fieldName, fieldNodes },
    ) => {
      // Allowed when a selection of it is: one on the object type, or on the interface.
      const isAllowed = fieldNodes.some((node) =>
        may(schema, rules, identity, parentOf(schema, query, node.loc!.start, parentType.name), fieldName),
      );
      if (!isAllowed) throw new GraphQLError('refused');
      return resolverFor(source?.__typename ?? 'Query')[fieldName]!();
    },
  });
  const root = Object.entries((data ?? {}) as object);
  const rootNode = parse(query).definitions[0];
  if (rootNode?.kind !== 'OperationDefinition') return data;
  const selected = rootNode.selectionSet.selections.flatMap((node) => (node.kind === 'Field' ? [node.name.value] : []));
  // All refused: no data. `__typename` is always selected here, so that this never happens.
  return root.length > 0 || selected.length > 0 ? data : null;
}

/** The type whose field the selection at a place of the text names: that of the fragment around it, or of the field. */
function parentOf(schema: GraphQLSchema, query: string, start: number, fallback: string): string {
  let found = fallback;
  const walk = ({ selections }: SelectionSetNode, parent: string): void => {
    for (const node of selections) {
      if (node.kind === 'InlineFragment') walk(node.selectionSet, node.typeCondition!.name.value);
      if (node.kind !== 'Field') continue;
      if (node.loc!.start === start) found = parent;
      const type = schema.getType(parent);
      const field = type !== undefined && 'getFields' in type ? type.getFields()[node.name.value] : undefined;
      if (node.selectionSet !== undefined && field !== undefined)
        walk(node.selectionSet, getNamedType(field.type as GraphQLOutputType).name);
    }
  };
  const [definition] = parse(query).definitions;
  if (definition?.kind === 'OperationDefinition') walk(definition.selectionSet, 'Query');
  return found;
}
