import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { readSupergraph } from '../../../src/supergraph/read/readSupergraph.js';
import { composeSdl } from '../../support/compose.js';

/** The definitions as subgraphs copy them. */
const DEFINITIONS = readFileSync('schema/directives.graphql', 'utf8');
const LINK = '@link(url: "https://specs.portico.dev/fallback/v0.1", import: ["@fallback"])';
const FEDERATION =
  '@link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@composeDirective"])';

function fallbacksOf(types: string, { link = LINK, name = '@fallback', definitions = DEFINITIONS } = {}) {
  const sdl = `extend schema ${FEDERATION} ${link} @composeDirective(name: "${name}")\n${types}\n${definitions}`;
  return readSupergraph(composeSdl({ a: sdl })).fallbacks;
}

describe('@fallback', () => {
  test('is read at fields and types, with its arguments as JSON', () => {
    const types =
      'type Query { a: Int @fallback(value: 0, on: [TIMEOUT]) t: T } type T @fallback(maxStale: "5m") { b: Int }';
    expect(fallbacksOf(types)).toEqual([
      ['Query.a', { value: 0, on: ['TIMEOUT'] }],
      ['T', { maxStale: '5m' }],
    ]);
  });

  test('is known under any name it is imported as', () => {
    const renamed = {
      link: '@link(url: "https://specs.portico.dev/fallback/v0.1", import: [{ name: "@fallback", as: "@orElse" }])',
      name: '@orElse',
      definitions: DEFINITIONS.replace('directive @fallback', 'directive @orElse'),
    };
    expect(fallbacksOf('type Query { a: Int @orElse(value: 7) }', renamed)).toEqual([['Query.a', { value: 7 }]]);
  });

  test('of somebody else, spelled the same, is not ours', () => {
    const other = { link: '@link(url: "https://example.com/fallback/v1.0", import: ["@fallback"])' };
    expect(fallbacksOf('type Query { a: Int @fallback(value: 7) }', other)).toEqual([]);
  });

  test('that the supergraph carries as @join__directive is read all the same', () => {
    // As composition writes directives that it hands on without knowing them (join v0.4).
    const sdl = composeSdl({ a: 'type Query { a: Int }' })
      .replace('https://specs.apollo.dev/join/v0.5', 'https://specs.apollo.dev/join/v0.4')
      .replace(
        'schema',
        `schema @join__directive(graphs: [A], name: "link", args: {url: "https://specs.portico.dev/fallback/v0.1", import: ["@fallback"]})`,
      )
      .replace(/a: Int\b/, 'a: Int @join__directive(graphs: [A], name: "fallback", args: {value: 3})');
    expect(readSupergraph(sdl).fallbacks).toEqual([['Query.a', { value: 3 }]]);
  });
});
