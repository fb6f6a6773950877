import fc from 'fast-check';
import { expect, it } from 'vitest';

import { anonymous } from '../../../src/request/Identity.js';
import type { Identity } from '../../../src/request/Identity.js';
import { composeSdl } from '../../support/compose.js';
import { someone } from '../../support/identities.js';
import { createTestGateway } from '../../support/testGateway.js';
import type { TestGatewayOptions } from '../../support/testGateway.js';

// Every value says where it is from and by which fields it was reached: `«A.x»«Query.a»`. Values that are made of others hold those. So
// whatever the engine plans, whoever reads an answer can tell whether anything in it was forbidden.

const A = `
  type Query { any: [Any!] node: Node a: A b: B }
  union Any = A | B | C
  interface Node { x: String link: Node }
  type A implements Node @key(fields: "id") { id: ID! x: String y(n: Int): String link: B one: C many: [B!] node: Node }
  type B implements Node @key(fields: "id") { id: ID! x: String y(n: Int): String link: C one: A node: Node }
  type C implements Node @key(fields: "id") { id: ID! x: String y(n: Int): String link: A one: B any: Any }`;
const B = `
  union Any = A | B | C
  interface Node { x: String link: Node }
  type A implements Node @key(fields: "id") {
    id: ID! x: String @external y(n: Int): String @external link: B @external one: C @external node: Node @external
    d: String @requires(fields: "x one { y }")
    e: String @requires(fields: "node { x link { x } }")
  }
  type B implements Node @key(fields: "id") {
    id: ID! x: String @external y(n: Int): String @external link: C @external node: Node @external
    d: String @requires(fields: "node { x ... on A { y } }")
  }
  type C implements Node @key(fields: "id") {
    id: ID! x: String @external y(n: Int): String @external link: A @external any: Any @external
    d: String @requires(fields: "any { ... on B { x } ... on A { link { y } } }")
  }`;
const C = `
  type A @key(fields: "id") { id: ID! d: String @external f: String @requires(fields: "d") }
  type B @key(fields: "id") { id: ID! d: String @external f: String @requires(fields: "d") }`;
const supergraphSdl = composeSdl({ a: A, b: B, c: C });

interface Made {
  readonly __typename: string;
  readonly id: string;
  /** The fields that led here. */
  readonly via: string;
}
const made = (__typename: string, via: string): Made => ({ __typename, id: `${__typename}1`, via });
const edge = (from: string, field: string, to: string) => (parent: Made | undefined) =>
  made(to, `${parent?.via ?? ''}«${from}.${field}»`);
const leaf = (type: string, field: string) => (parent: Made, args: { readonly n?: number }) =>
  `«${type}.${field}${field === 'y' ? `(${args.n ?? ''})` : ''}»${parent.via ?? ''}`;
/** All that it was given. */
const derived = (type: string, field: string) => (given: object) => `«${type}.${field}»${JSON.stringify(given)}`;
const reference = { __resolveReference: (object: object) => object };
const objectsOf = (type: string, link: string, one: string) => ({
  __resolveReference: () => made(type, ''),
  x: leaf(type, 'x'),
  y: leaf(type, 'y'),
  link: edge(type, 'link', link),
  one: edge(type, 'one', one),
});
const subgraphs: TestGatewayOptions['subgraphs'] = {
  a: {
    typeDefs: A,
    resolvers: {
      Query: {
        any: () => ['A', 'B', 'C'].map((type) => made(type, '«Query.any»')),
        node: edge('Query', 'node', 'B'),
        a: edge('Query', 'a', 'A'),
        b: edge('Query', 'b', 'B'),
      },
      A: {
        ...objectsOf('A', 'B', 'C'),
        many: (parent: Made) => [edge('A', 'many', 'B')(parent)],
        node: edge('A', 'node', 'C'),
      },
      B: { ...objectsOf('B', 'C', 'A'), node: edge('B', 'node', 'A') },
      C: { ...objectsOf('C', 'A', 'B'), any: edge('C', 'any', 'A') },
    } as never,
  },
  b: {
    typeDefs: B,
    resolvers: {
      A: { ...reference, d: derived('A', 'd'), e: derived('A', 'e') },
      B: { ...reference, d: derived('B', 'd') },
      C: { ...reference, d: derived('C', 'd') },
    } as never,
  },
  c: {
    typeDefs: C,
    resolvers: { A: { ...reference, f: derived('A', 'f') }, B: { ...reference, f: derived('B', 'f') } } as never,
  },
};

const PLACES = [
  ...['A', 'B', 'C', 'Node', 'Node.x', 'Node.link', 'Query.a', 'Query.b', 'Query.any', 'Query.node'],
  ...['A.x', 'A.y', 'A.link', 'A.one', 'A.many', 'A.node', 'A.d', 'A.e', 'A.f'],
  ...['B.x', 'B.y', 'B.link', 'B.one', 'B.node', 'B.d', 'B.f', 'C.x', 'C.y', 'C.link', 'C.one', 'C.any', 'C.d'],
];
type Rule = { readonly authenticated?: true; readonly scopes?: string[][]; readonly policies?: string[][] };
const expressions = { vip: 'authenticated && subject == "vip"', first: 'has(args.n) && args.n == 1' };

const rules = fc.uniqueArray(
  fc.tuple(
    fc.constantFrom(...PLACES),
    fc.constantFrom<Rule>(
      { authenticated: true },
      { scopes: [['s']] },
      { scopes: [['s', 't'], ['u']] },
      { policies: [['vip']] },
      { policies: [['first']] },
    ),
  ),
  { minLength: 1, maxLength: 5, selector: ([place]) => place },
);
const identity = fc.constantFrom(anonymous, someone('ada'), someone('vip', ['s']), someone('bob', ['u']));

/** @param n what the field was given; absent for no argument of that name */
function holds(rule: Rule, { kind, subject, scopes }: Identity, n: string | undefined): boolean {
  if (rule.authenticated && kind === 'anonymous') return false;
  if (rule.scopes !== undefined && !rule.scopes.some((group) => group.every((scope) => scopes.has(scope))))
    return false;
  return (rule.policies ?? []).flat().every((name) => (name === 'vip' ? subject === 'vip' : n === '1'));
}

/** The marks in a text that stand for what the caller may not have. */
function forbidden(text: string, all: ReadonlyMap<string, Rule>, who: Identity): string[] {
  const found = [...text.matchAll(/«(\w+)\.(\w+)(?:\((\d*)\))?»/g)];
  return found.flatMap(([mark, type, field, n]) => {
    const shared = type === 'Query' ? [] : ['Node', ...(field === 'x' || field === 'link' ? [`Node.${field}`] : [])];
    const places = [type!, `${type}.${field}`, ...shared];
    const isMet = places.every((place) => {
      const rule = all.get(place);
      return rule === undefined || holds(rule, who, place.includes('.') ? n : undefined);
    });
    return isMet ? [] : [mark];
  });
}

/** A random operation. */
function operation(choices: readonly number[]): string {
  let at = 0;
  let aliases = 0;
  const pick = (n: number): number => choices[at++ % choices.length]! % n;
  const some = (fields: readonly string[]): string =>
    fields
      .filter(() => pick(2) === 0)
      .map((field) => `k${aliases++}: ${field}`)
      .join(' ');
  const children: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    A: { link: 'B', one: 'C', many: 'B', node: 'Node' },
    B: { link: 'C', one: 'A', node: 'Node' },
    C: { link: 'A', one: 'B', any: 'Any' },
    Node: { link: 'Node' },
    Query: { a: 'A', b: 'B', node: 'Node', any: 'Any' },
  };
  const leaves: Readonly<Record<string, readonly string[]>> = {
    A: ['x', 'y', 'y(n: 1)', 'y(n: $n)', 'd', 'e', 'f'],
    B: ['x', 'y(n: $n)', 'd', 'f'],
    C: ['x', 'y(n: 2)', 'd'],
    Node: ['x'],
  };
  const set = (type: string, depth: number): string => {
    let text = `__typename ${some(leaves[type] ?? [])}`;
    if (depth > 0)
      for (const [field, to] of Object.entries(children[type] ?? {}))
        if (pick(3) === 0) text += ` k${aliases++}: ${field} { ${set(to, depth - 1)} }`;
    if (type === 'Node' || type === 'Any')
      for (const each of ['A', 'B', 'C']) if (pick(2) === 0) text += ` ... on ${each} { ${set(each, depth - 1)} }`;
    return text;
  };
  return `query($n: Int = 1) { ${set('Query', 3)} z: a { ${some(leaves['A']!)} __typename } f: __typename @skip(if: ${pick(2) === 0}) unused: b { y(n: $n) } }`;
}

it(
  'no answer holds anything that its reader may not have, by whatever way it has come',
  { timeout: 300_000 },
  async () => {
    const runs = Number(process.env['LEAK_RUNS'] ?? 10);
    let marks = 0;
    await fc.assert(
      fc.asyncProperty(
        rules,
        fc.array(fc.tuple(fc.array(fc.nat(11), { minLength: 30, maxLength: 60 }), identity), {
          minLength: 4,
          maxLength: 4,
        }),
        async (written, cases) => {
          const gateway = createTestGateway({
            supergraphSdl,
            subgraphs,
            authorization: { fields: Object.fromEntries(written) as never, policies: { expressions } },
            limits: { maxAliases: 1000, maxDepth: 50, maxRootFields: 50 },
          });
          try {
            for (const [choices, who] of cases) {
              const { dataText = '', errors } = await gateway.execute({ query: operation(choices), identity: who });
              expect(forbidden(dataText, new Map(written), who)).toEqual([]);
              expect(errors.filter(({ extensions }) => extensions['code'] !== 'UNAUTHORIZED_FIELD_OR_TYPE')).toEqual(
                [],
              );
              marks += dataText.split('»').length;
            }
          } finally {
            await gateway.close();
          }
        },
      ),
      // Shrinking takes minutes; the seed gives the same again.
      { numRuns: runs, endOnFailure: true },
    );
    // It would hold for answers with nothing in them, too.
    expect(marks).toBeGreaterThan(runs * 20);
  },
);
