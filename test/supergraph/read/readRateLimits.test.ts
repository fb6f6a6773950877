import { readFileSync } from 'node:fs';

import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';

import { readSupergraph } from '../../../src/supergraph/read/readSupergraph.js';
import { composeSdl } from '../../support/compose.js';

/** The definitions as subgraphs copy them. */
const DEFINITIONS = readFileSync('schema/directives.graphql', 'utf8');
const LINK = '@link(url: "https://specs.portico.dev/rateLimit/v0.1", import: ["@rateLimit"])';
const FEDERATION =
  '@link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@composeDirective"])';

function limitsOf(types: string, { link = LINK, name = '@rateLimit', definitions = DEFINITIONS } = {}) {
  const sdl = `extend schema ${FEDERATION} ${link} @composeDirective(name: "${name}")\n${types}\n${definitions}`;
  return readSupergraph(composeSdl({ a: sdl })).rateLimits;
}

describe('@rateLimit', () => {
  test('is read with its defaults', () => {
    expect([...limitsOf('type Query { a: Int @rateLimit(max: 5, window: "10s") b: Int }')]).toEqual([
      [
        'Query.a',
        [
          {
            max: 5,
            windowMs: 10_000,
            algorithm: 'sliding_window',
            burst: 5,
            by: ['identity'],
            identityArgs: [],
            arrayLengthField: undefined,
            cost: 1,
            readOnly: false,
            uncountRejected: true,
            message: undefined,
            onStoreFailure: undefined,
          },
        ],
      ],
    ]);
  });

  test('of several all are kept, those of the type before those of the field, each for every field of the type', () => {
    const limits = limitsOf(
      'type Query { t: T } type T @rateLimit(max: 1, window: "1s") { a: Int b: Int @rateLimit(max: 2, window: "1s") @rateLimit(max: 3, window: "1s") }',
    );
    const maxima = [...limits].map(([coordinate, rules]) => [coordinate, rules.map(({ max }) => max)]);
    expect(maxima).toEqual([
      ['T.a', [1]],
      ['T.b', [1, 2, 3]],
    ]);
  });

  test('from several subgraphs all are kept', () => {
    const sdl = (max: number): string =>
      `extend schema ${FEDERATION} ${LINK} @composeDirective(name: "@rateLimit")\ntype Query { a: Int @shareable @rateLimit(max: ${max}, window: "1s") }\n${DEFINITIONS}`;
    const { rateLimits } = readSupergraph(composeSdl({ a: sdl(1), b: sdl(2) }));
    expect(rateLimits.get('Query.a')!.map(({ max }) => max)).toEqual([1, 2]);
  });

  test('is known under any name it is imported as', () => {
    const renamed = {
      link: '@link(url: "https://specs.portico.dev/rateLimit/v0.1", import: [{ name: "@rateLimit", as: "@often" }])',
      name: '@often',
      definitions: DEFINITIONS.replace('directive @rateLimit', 'directive @often'),
    };
    expect(limitsOf('type Query { a: Int @often(max: 5, window: "10s") }', renamed).get('Query.a')).toHaveLength(1);
  });

  test('of somebody else, spelled the same, is not ours', () => {
    const other = { link: '@link(url: "https://example.com/rateLimit/v1.0", import: ["@rateLimit"])' };
    expect(limitsOf('type Query { a: Int @rateLimit(max: 5, window: "10s") }', other).size).toBe(0);
  });

  test.each([
    ['max: -1, window: "1s"', 'max must be a whole number from 0'],
    ['max: 1, window: "1 second"', 'window must be a duration with a unit'],
    ['max: 1, window: "1s", by: ["user"]', 'by has a value that it cannot have'],
    ['max: 1, window: "1s", identityArgs: ["a b"]', 'identityArgs has a value that it cannot have'],
    ['max: 1, window: "1s", identityArgs: ["input.email"]', 'the field has no argument input'],
    ['max: 1, window: "1s", arrayLengthField: "ids"', 'the field has no argument ids'],
    ['max: 1, window: "1s", burst: 4', 'burst is for TOKEN_BUCKET only'],
    [
      'max: 1, window: "1s", algorithm: TOKEN_BUCKET, uncountRejected: false',
      'uncountRejected cannot be false with TOKEN_BUCKET',
    ],
  ])('with (%s) refuses the supergraph and says where', (args, message) => {
    expect(() => limitsOf(`type Query { a: Int @rateLimit(${args}) }`)).toThrow(
      `The supergraph cannot be loaded: @rateLimit on Query.a: ${message}`,
    );
  });

  test('is defined in schema/directives.graphql with just the arguments that are read', () => {
    const [directive] = parse(DEFINITIONS).definitions;
    const names = (directive as { arguments?: ReadonlyArray<{ name: { value: string } }> }).arguments!.map(
      ({ name }) => name.value,
    );
    expect(names).toEqual([
      ...['max', 'window', 'message', 'identityArgs', 'arrayLengthField', 'readOnly', 'uncountRejected'],
      ...['algorithm', 'burst', 'by', 'cost', 'onStoreFailure'],
    ]);
  });
});
