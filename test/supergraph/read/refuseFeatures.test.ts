import { describe, expect, it } from 'vitest';

import { readSupergraph } from '../../../src/supergraph/read/readSupergraph.js';
import { readSupergraphInWorker } from '../../../src/supergraph/read/readSupergraphInWorker.js';
import { composeSdl } from '../../support/compose.js';

const plain = composeSdl({ a: 'type Query { a: Int }' });

/** The plain supergraph with one more directive on its schema. */
function linked(directive: string, more = ''): string {
  return `${plain.replace('schema\n', `schema\n  ${directive}\n`)}\n${more}`;
}

function refusal(sdl: string): unknown {
  try {
    readSupergraph(sdl);
  } catch (error) {
    return error;
  }
  return 'accepted';
}

describe('a supergraph is refused, and the feature named,', () => {
  it.each([
    ['renamed by as:', '@link(url: "https://specs.apollo.dev/authenticated/v0.2", as: "nice", for: SECURITY)'],
    [
      'renamed by import',
      '@link(url: "https://specs.apollo.dev/policy/v1.0", import: [{name: "@policy", as: "@p"}], for: SECURITY)',
    ],
    ['without a purpose', '@link(url: "https://specs.apollo.dev/requiresScopes/v0.2")'],
    ['of a later version', '@link(url: "https://specs.apollo.dev/authenticated/v7.3", for: SECURITY)'],
    ['spelled in capitals', '@link(url: "HTTPS://SPECS.apollo.dev/Authenticated/v0.3/")'],
    ['unknown, for: SECURITY', '@link(url: "https://example.com/secrets/v1.0", for: SECURITY)'],
    ['unknown, for: SECURITY, no URL at all', '@link(url: "secrets", for: SECURITY)'],
    ['unknown, for: EXECUTION', '@link(url: "https://example.com/magic/v1.0", for: EXECUTION)'],
    [
      'known, in an unknown version, for: SECURITY',
      '@link(url: "https://specs.apollo.dev/inaccessible/v9.9", for: SECURITY)',
    ],
    ['connectors of a later version', '@link(url: "https://specs.apollo.dev/connect/v0.9", for: EXECUTION)'],
    ['connectors without a purpose', '@link(url: "https://specs.apollo.dev/connect/v0.4", as: "http")'],
    [
      'connectors by way of join__directive',
      '@join__directive(graphs: [A], name: "link", args: {url: "https://specs.apollo.dev/connect/v0.4"})',
    ],
    [
      'access rules of a later version by way of join__directive',
      '@join__directive(graphs: [A], name: "link", args: {url: "https://specs.apollo.dev/policy/v0.2"})',
    ],
    [
      'unknown, for: SECURITY, by way of join__directive',
      '@join__directive(graphs: [A], name: "link", args: {url: "https://example.com/secrets/v1.0", for: SECURITY})',
    ],
    [
      'connectors under another name',
      '@join__directive(graphs: [A], name: "core", args: {as: "x", url: "https://specs.apollo.dev/connect/v1.0"})',
    ],
  ])('when a feature is %s', (_, directive) => {
    const url = /https?:[^"]*|secrets/i.exec(directive)![0];
    expect(refusal(linked(directive))).toMatchObject({
      code: 'SUPERGRAPH_FEATURE_UNSUPPORTED',
      message: expect.stringContaining(url) as unknown,
      details: { feature: url },
    });
  });

  it('when it is linked in a schema extension', () => {
    const sdl = `${plain}\nextend schema @link(url: "https://specs.apollo.dev/authenticated/v0.9", for: SECURITY)`;
    expect(refusal(sdl)).toMatchObject({ code: 'SUPERGRAPH_FEATURE_UNSUPPORTED' });
  });

  it('when it is linked with @core', () => {
    const sdl = `
      schema @core(feature: "https://specs.apollo.dev/core/v0.2") @core(feature: "https://specs.apollo.dev/join/v0.2", for: EXECUTION)
        @core(feature: "https://specs.apollo.dev/authenticated/v0.9", as: "a", for: SECURITY) { query: Query }
      type Query { a: Int }`;
    expect(refusal(sdl)).toMatchObject({ code: 'SUPERGRAPH_FEATURE_UNSUPPORTED' });
  });

  it('also by the worker', async () => {
    const sdl = linked('@link(url: "https://specs.apollo.dev/authenticated/v0.9", for: SECURITY)');
    await expect(readSupergraphInWorker(sdl)).rejects.toMatchObject({
      name: 'PorticoError',
      code: 'SUPERGRAPH_FEATURE_UNSUPPORTED',
      details: { feature: 'https://specs.apollo.dev/authenticated/v0.9' },
    });
  });
});

describe('a supergraph is accepted', () => {
  it('with features that are metadata, whatever they are called', () => {
    const sdl = linked(
      '@link(url: "https://example.com/notes/v1.0", as: "authenticated")',
      'directive @authenticated on OBJECT',
    );
    expect(refusal(sdl)).toBe('accepted');
  });

  it('with @tag, @inaccessible, @cost, @context and progressive override', () => {
    const sdl = composeSdl({
      a: `type Query { t: T @cost(weight: 3) } type T @key(fields: "id") @context(name: "c") { id: ID! v: String! u: U! @tag(name: "x") }
          type U @key(fields: "id") { id: ID! f(x: String @fromContext(field: "$c { v }")): Int @inaccessible g: Int }`,
      b: 'type T @key(fields: "id") { id: ID! w: Int } type U @key(fields: "id") { id: ID! g: Int @override(from: "a", label: "l") }',
    });
    for (const feature of ['tag', 'inaccessible', 'cost', 'context'])
      expect(sdl).toContain(`specs.apollo.dev/${feature}`);
    expect(refusal(sdl)).toBe('accepted');
  });
});

describe('the worker', () => {
  it('reads the same supergraph', async () => {
    const [here, there] = [readSupergraph(plain), await readSupergraphInWorker(plain)];
    expect({ ...there, apiSchema: 0 }).toEqual({ ...here, apiSchema: 0 });
    expect(there.apiSchema.getQueryType()?.getFields()['a']).toBeDefined();
  });

  it('says what is wrong with a bad one', async () => {
    await expect(readSupergraphInWorker('<html>')).rejects.toMatchObject({
      code: 'SUPERGRAPH_INVALID',
      message: expect.stringContaining('HTML') as unknown,
    });
  });
});
