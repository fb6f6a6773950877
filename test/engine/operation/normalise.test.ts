import fc from 'fast-check';
import {
  NoUnusedVariablesRule,
  TypeInfo,
  buildSchema,
  execute,
  getNamedType,
  getOperationAST,
  getVariableValues,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  parse,
  print,
  specifiedRules,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { FieldNode, GraphQLFieldResolver, GraphQLOutputType } from 'graphql';
import { describe, expect, it } from 'vitest';

import { readSchemaNames } from '../../../src/engine/operation/canonicalKeys.js';
import { normalise } from '../../../src/engine/operation/normalise.js';
import type { Operation, Selection } from '../../../src/engine/operation/Operation.js';
import { compileProjection } from '../../../src/engine/respond/compileProjection.js';
import { arbitraryOperation } from '../../differential/generate/arbitraryOperation.js';
import { printOperation } from '../../differential/generate/printOperation.js';
import { finishedRun } from '../../support/runPlan.js';

const schema = buildSchema(/* GraphQL */ `
  directive @note(text: String) on FIELD
  directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
  input Range {
    from: Int
    to: Int
  }
  enum Color {
    RED
    GREEN
  }
  interface Node {
    id: ID!
    name: String
    peer(n: Int, range: Range): Node
    size: Int
  }
  union Thing = User | Post
  type User implements Node {
    id: ID!
    name: String
    peer(n: Int, range: Range): Node
    size: Int
    posts(first: Int = 2, color: Color): [Post!]!
    constructor: String
    title(short: Boolean): Int
  }
  type Post implements Node {
    id: ID!
    name: String
    peer(n: Int, range: Range): Node
    size: Int
    author: User!
    title(short: Boolean): String
    _user_0: String
  }
  type Query {
    user(id: ID): User
    node(n: Int): Node
    things(first: Int): [[Thing]!]
    post: Post
    color: Color
    again: Query
  }
  type Mutation {
    rename(name: String): User
    touch: Int
  }
`);
const names = readSchemaNames(schema);

function operationOf(query: string): Operation {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  return normalise(document, getOperationAST(document)!, schema, names);
}

/** Values that depend on the object, the field and its arguments alone. */
const resolve: GraphQLFieldResolver<unknown, unknown> = (source, args, _context, info) => {
  const id = `${(source as { $id?: string } | undefined)?.$id ?? ''}.${info.fieldName}${JSON.stringify(args)}`;
  const hash = [...id].reduce((sum, char) => (Math.imul(sum, 31) + char.charCodeAt(0)) | 0, 7) >>> 0;
  const make = (type: GraphQLOutputType): unknown => {
    if (isNonNullType(type)) return make(type.ofType as GraphQLOutputType);
    if (isListType(type)) return [make(type.ofType as GraphQLOutputType), make(type.ofType as GraphQLOutputType)];
    const named = getNamedType(type);
    if (isEnumType(named)) return hash % 2 ? 'RED' : 'GREEN';
    if (isLeafType(named)) return named.name === 'Int' ? hash % 1000 : id.slice(-60);
    const possible = isAbstractType(named) ? schema.getPossibleTypes(named) : [named];
    return { __typename: possible[hash % possible.length]!.name, $id: String(hash) };
  };
  return make(info.returnType);
};

/** What subgraphs would deliver together: the normalised text executed as it stands, in plain objects. */
function treeOf(operation: Operation, given: Record<string, unknown>): unknown {
  if (operation.text === '') return {};
  const variableValues: Record<string, unknown> = { ...given };
  for (const [client, engine] of operation.renamedVariables) {
    if (Object.hasOwn(given, client)) variableValues[engine] = given[client];
    delete variableValues[client];
  }
  const document = parse(operation.text);
  const rules = specifiedRules.filter((rule) => rule !== NoUnusedVariablesRule);
  expect(validate(schema, document, rules), operation.text).toEqual([]);
  const { data, errors } = execute({ schema, document, variableValues, fieldResolver: resolve }) as {
    data: unknown;
    errors?: unknown;
  };
  expect(errors).toBeUndefined();
  return JSON.parse(JSON.stringify(data));
}

function expectSameAnswer(query: string, variables: Record<string, unknown>): void {
  const document = parse(query);
  const definition = getOperationAST(document)!;
  const expected = execute({ schema, document, variableValues: variables, fieldResolver: resolve }) as {
    data: unknown;
  };
  const { coerced } = getVariableValues(schema, definition.variableDefinitions ?? [], variables);
  const operation = normalise(document, definition, schema, names);
  const project = compileProjection(operation, schema, (condition) =>
    condition.every(({ variable, include }) => (coerced![variable] === true) === include),
  );
  expect(project(finishedRun(treeOf(operation, variables)), undefined).text, query).toBe(JSON.stringify(expected.data));
}

/** Every field of a text: where it stands, what it is, and its response name. */
function fieldsOf(text: string): { key: string; parent: string; name: string; identity: string }[] {
  const info = new TypeInfo(schema);
  const found: { key: string; parent: string; name: string; identity: string }[] = [];
  visit(
    parse(text),
    visitWithTypeInfo(info, {
      Field: (node: FieldNode) => {
        const name = node.name.value;
        const identity = `${name}(${(node.arguments ?? []).map(print).sort().join()})`;
        found.push({ key: node.alias?.value ?? name, parent: info.getParentType()!.name, name, identity });
      },
    }),
  );
  return found;
}

describe('a normalised operation', () => {
  const operations = arbitraryOperation(schema, { ID: ['1', '2'], Int: [1, 2] }).filter(({ kind }) => kind === 'query');
  const queries = fc.tuple(operations, fc.constantFrom('free', 'strict', 'one name')).map(([spec, naming]) => {
    const free = printOperation(spec, schema, naming);
    return validate(schema, parse(free.query)).length === 0 ? free : printOperation(spec, schema, 'strict');
  });

  it("asks what the client asked: its answer in the client's names is the client's answer", () => {
    fc.assert(
      fc.property(queries, ({ query, variables }) => expectSameAnswer(query, { ...variables })),
      { numRuns: 300 },
    );
  });

  it('gives one key to one field with one set of arguments, and to nothing else', () => {
    fc.assert(
      fc.property(queries, ({ query }) => {
        const { text } = operationOf(query);
        if (text === '') return;
        const byKey = new Map<string, Set<string>>();
        const byField = new Map<string, Set<string>>();
        for (const { key, parent, name, identity } of fieldsOf(text)) {
          if (name === '__typename') continue;
          const isUniform = names.uniform.has(name);
          byKey.set(
            key,
            (byKey.get(key) ?? new Set()).add(isUniform || key === name ? identity : `${parent}.${identity}`),
          );
          byField.set(`${parent}.${identity}`, (byField.get(`${parent}.${identity}`) ?? new Set()).add(key));
          // A field that varies has its own name, too, where the client gave no other.
          expect(byField.get(`${parent}.${identity}`)!.size).toBeLessThanOrEqual(isUniform ? 1 : 2);
          expect(Object.hasOwn(Object.prototype, key)).toBe(false);
        }
        for (const identities of byKey.values()) expect([...identities]).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });

  it('is the same text every time', () => {
    fc.assert(
      fc.property(queries, ({ query }) => {
        expect(operationOf(query).text).toBe(operationOf(query).text);
      }),
      { numRuns: 50 },
    );
  });
});

describe('keys', () => {
  const keysOf = (query: string): string[] => fieldsOf(operationOf(query).text).map(({ key }) => key);

  it('do not depend on the order of arguments, on white space or on the alias', () => {
    const [, one] = keysOf('{ node { a: peer(n: 1, range: { from: 1 }) { id } } }');
    const [, other] = keysOf('{ node { b: peer(range: {from:1}  n:1) { id } } }');
    expect(one).toBe(other);
    const [, more] = keysOf('{ node { a: peer(n: 2, range: { from: 1 }) { id } } }');
    expect(more).not.toBe(one);
  });

  it('are the same under an interface and its types when the field is the same everywhere', () => {
    const keys = keysOf('{ node { a: peer(n: 1) { id } ... on User { b: peer(n: 1) { id } } } }').filter((key) =>
      key.startsWith('_peer'),
    );
    expect(new Set(keys).size).toBe(1);
    const titles = keysOf('{ things { ... on User { a: title(short: true) } ... on Post { b: title(short: true) } } }');
    expect(new Set(titles.filter((key) => key.startsWith('_title'))).size).toBe(2);
  });

  it('keep the plain name where nothing speaks against it', () => {
    expect(keysOf('{ post { n: name name } }')).toEqual(['post', 'name', 'name']);
  });

  it('are safe for fields named like inherited ones, and belong to directives too', () => {
    expect(keysOf('{ user { constructor } }')[1]).toMatch(/^_constructor_/);
    const [, noted, plain] = keysOf('{ user { name @note(text: "x") b: name } }');
    expect(noted).not.toBe(plain);
  });
});

describe('conditions', () => {
  it('that are literals are resolved', () => {
    const { text, conditionVariables } = operationOf(
      '{ post { id @skip(if: true) name @include(if: true) } user @include(if: false) { id } color }',
    );
    expect(text).toBe('query{post{name } color }');
    expect(conditionVariables).toEqual([]);
  });

  it('that leave nothing leave a __typename to ask', () => {
    expect(operationOf('{ post { id @skip(if: true) } }').text).toBe('query{post{__typename } }');
    expect(operationOf('{ post @skip(if: true) { id } }').text).toBe('');
    expectSameAnswer('{ post { id @skip(if: true) } }', {});
  });

  it('of variables are kept and named', () => {
    const { text, conditionVariables } = operationOf(
      'query($a: Boolean!, $representations: Boolean!) { ... @include(if: $a) { post { id @skip(if: $representations) } } }',
    );
    expect(conditionVariables.toSorted()).toEqual(['a', 'representations']);
    expect(text).toContain('@include(if:$a)');
    expect(text).not.toContain('$representations:');
    expect(text).not.toContain('$representations)');
  });

  it.each([
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])('hold together on one selection and on nested ones: %s %s', (a, b) => {
    const query = `query($a: Boolean!, $b: Boolean!) {
      post { id @include(if: $a) @skip(if: $b) ...F @include(if: $b) name @include(if: $a) @skip(if: $b) }
      ... @skip(if: $a) { user { id ... @skip(if: $a) { name } ... @include(if: $a) { size } } }
      post { ... on Node @skip(if: $b) { size } }
    }
    fragment F on Post { author { ... on User @include(if: $a) { name } id } }`;
    expectSameAnswer(query, { a, b });
  });
});

describe('fragments', () => {
  it('are expanded, nested ones too', () => {
    const query =
      '{ ...Q } fragment Q on Query { node { ...N } } fragment N on Node { id ...U } fragment U on User { posts { ...P } } fragment P on Post { name }';
    expect(operationOf(query).text).not.toContain('...N');
    expectSameAnswer(query, {});
  });

  it('marked @defer are answered in one piece', () => {
    const { text } = operationOf(
      'query($d: Boolean!) { user { id ... @defer(if: $d, label: "x") { name } ...F @defer } } fragment F on User { size }',
    );
    expect(text).toBe('query($d: Boolean!){user{id name size } }');
  });

  it('on an abstract type ask for the type name', () => {
    expect(operationOf('{ things { ... on User { id } } }').text).toContain('__typename');
    expect(operationOf('{ node { ... on User { id } } }').text).toContain('__typename');
    expect(operationOf('{ node { id } }').text).not.toContain('__typename');
    expect(operationOf('{ things { __typename } }').text.match(/__typename/g)!.length).toBeGreaterThan(0);
  });
});

describe('introspection', () => {
  it('is split from the rest, also out of fragments, in the names of the client', () => {
    const query = `query($w: Boolean!, $n: String!) { a: __schema { queryType { name } } post { id } ...Q @include(if: $w) }
      fragment Q on Query { __type(name: $n) { name } color ... on Query { b: __schema { queryType { kind } } } }`;
    const { text, introspection } = operationOf(query);
    expect(text).not.toContain('__schema');
    expect(text).not.toContain('__type(');
    expect(text).toContain('color');
    const answer = execute({ schema, document: introspection!, variableValues: { w: true, n: 'User' } }) as {
      data: unknown;
    };
    expect(JSON.parse(JSON.stringify(answer.data))).toEqual({
      a: { queryType: { name: 'Query' } },
      __type: { name: 'User' },
      b: { queryType: { kind: 'OBJECT' } },
    });
    const without = execute({ schema, document: introspection!, variableValues: { w: false, n: 'User' } }) as {
      data: unknown;
    };
    expect(JSON.parse(JSON.stringify(without.data))).toEqual({ a: { queryType: { name: 'Query' } } });
  });

  it('alone leaves nothing to fetch, and so does a lone __typename', () => {
    expect(operationOf('{ __schema { queryType { name } } t: __typename }').text).toBe('');
    expect(operationOf('{ __typename }')).toMatchObject({ text: '', introspection: undefined });
    expect(operationOf('{ __schema @skip(if: true) { queryType { name } } color }').introspection).toBeUndefined();
  });

  it('below the root of a query is refused, not answered with null', () => {
    expect(() => operationOf('{ again { __schema { queryType { name } } } }')).toThrow(/root of a query/);
  });
});

describe('what else the operation tells', () => {
  it('coordinates name the fields of concrete types behind an interface', () => {
    const { coordinates } = operationOf('{ node { name } things { ... on Post { title } } __typename }');
    expect([...coordinates].sort()).toEqual([
      'Node.name',
      'Post.name',
      'Post.title',
      'Query.node',
      'Query.things',
      'User.name',
    ]);
  });

  it('client names are never names of the tree', () => {
    const { selections } = operationOf('{ __proto__: user { constructor: name toString: size } }');
    const walk = (list: readonly Selection[]): string[] =>
      list.flatMap((each) =>
        each.kind === 'field' ? [each.key, ...walk(each.selections ?? [])] : walk(each.selections),
      );
    expect(walk(selections)).toEqual(['user', 'name', 'size']);
  });

  it('several operations share their fragments, the named one is taken', () => {
    const document = parse('query A { ...F } query B { color } fragment F on Query { post { id } }');
    const of = (name: string) => normalise(document, getOperationAST(document, name)!, schema, names);
    expect([of('A').text, of('B').text]).toEqual(['query A{post{id } }', 'query B{color }']);
  });

  it('tens of thousands of selections in one fragment do not overflow the stack', () => {
    const fields = Array.from({ length: 150_000 }, (_, i) => `f${i}: id`).join(' ');
    const document = parse(`{ post { ...F } } fragment F on Post { ${fields} }`, { noLocation: true });
    const { selections } = normalise(document, getOperationAST(document)!, schema, names);
    const [post] = selections;
    expect(post?.kind === 'field' && post.selections).toHaveLength(150_000);
  });
});
