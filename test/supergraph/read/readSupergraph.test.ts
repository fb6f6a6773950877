import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';

import { readSupergraph } from '../../../src/supergraph/read/readSupergraph.js';
import { composeSdl } from '../../support/compose.js';

const products = `
  type Query { top: [Product] }
  type Product @key(fields: "id") { id: ID! name: String secret: String @inaccessible old: Int @deprecated(reason: "x") }
`;
const reviews = 'type Product @key(fields: "id") { id: ID! stars: Int }';

function failure(sdl: string): { code: string; message: string } {
  try {
    readSupergraph(sdl);
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('was accepted');
}

describe('a good supergraph', () => {
  const sdl = composeSdl({ products, reviews });
  const supergraph = readSupergraph(sdl);

  it('gives names and URLs of its subgraphs', () => {
    expect([...supergraph.subgraphs]).toEqual([
      ['products', { name: 'products', url: 'http://products.test/graphql' }],
      ['reviews', { name: 'reviews', url: 'http://reviews.test/graphql' }],
    ]);
  });

  it('gives an API schema without inaccessible parts and machinery, with @defer and deprecations', () => {
    const { apiSchema } = supergraph;
    expect(
      Object.keys(apiSchema.getTypeMap()).filter((name) => name.includes('join') || name.includes('link')),
    ).toEqual([]);
    expect(validate(apiSchema, parse('{ top { secret } }'))).toHaveLength(1);
    expect(validate(apiSchema, parse('{ top { stars ... @defer { name } } }'))).toEqual([]);
    expect(apiSchema.getDirective('stream')).toBeUndefined();
    const type = apiSchema.getType('Product') as unknown as {
      getFields(): Record<string, { deprecationReason: string }>;
    };
    expect(type.getFields()['old']?.deprecationReason).toBe('x');
  });

  it('has an identity that depends on the text alone', () => {
    expect(readSupergraph(sdl).id).toBe(supergraph.id);
    expect(supergraph.id).toMatch(/^[0-9a-f]{64}$/);
    expect(readSupergraph(`${sdl}\n`).id).not.toBe(supergraph.id);
  });
});

it('the schema of a service is told from a supergraph', () => {
  const linked = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"]) ${products}`;
  for (const sdl of [linked, products]) {
    const { code, message } = failure(sdl);
    expect([code, message]).toEqual([
      'SUPERGRAPH_INVALID',
      expect.stringContaining('was not composed (portico compose'),
    ]);
  }
});

describe('override labels', () => {
  it('are listed by coordinate, and as hidden when a key names the field', () => {
    const supergraph = readSupergraph(
      composeSdl({
        a: `type Query { p: P } type P @key(fields: "id") { id: ID! x: Int y: Int z: Int }`,
        b: `type P @key(fields: "id") { id: ID! x: Int @override(from: "a", label: "percent(5)") y: Int @shareable @override(from: "a", label: "later") }`,
        c: `type P @key(fields: "id") @key(fields: "y") { id: ID! y: Int @shareable sum: Int }`,
      }),
    );
    expect([...supergraph.overrideLabels]).toEqual([
      ['P.x', 'percent(5)'],
      ['P.y', 'later'],
    ]);
    expect(supergraph.hiddenOverrideLabels).toEqual(['later']);
  });
});

describe('what is no supergraph', () => {
  it.each([
    ['', 'empty'],
    ['   \n', 'empty'],
    ['<!DOCTYPE html><html></html>', 'HTML'],
    ['{"data":{}}', 'JSON'],
    ['type Query {', 'Syntax Error'],
    ['type Query { a: Int }', 'was not composed'],
    ['schema @link(url: "https://specs.apollo.dev/link/v1.0") { query: Query } type Query { a: Int }', ''],
  ])('%j is refused', (sdl, reason) => {
    const error = failure(sdl);
    expect(error.code).toBe('SUPERGRAPH_INVALID');
    expect(error.message).toContain(reason);
  });

  it.each(['production', 'development', undefined])(
    'is refused for semantic mistakes with NODE_ENV=%s (RELOAD-06)',
    (mode) => {
      const before = process.env['NODE_ENV'];
      if (mode === undefined) delete process.env['NODE_ENV'];
      else process.env['NODE_ENV'] = mode;
      try {
        const sdl = composeSdl({ products, reviews });
        for (const broken of [
          sdl.replace('stars: Int', 'stars: Missing'),
          sdl.replaceAll('key: "id"', 'key: "nope"'),
          sdl.replace('query: Query', 'query: Nothing'),
        ]) {
          expect(broken).not.toBe(sdl);
          expect(failure(broken).code).toBe('SUPERGRAPH_INVALID');
        }
      } finally {
        if (before === undefined) delete process.env['NODE_ENV'];
        else process.env['NODE_ENV'] = before;
      }
    },
  );
});
