import { describe, expect, it } from 'vitest';

import { compose } from '../../../src/supergraph/compose/compose.js';
import { readSupergraph } from '../../../src/supergraph/read/readSupergraph.js';
import { composeSdl } from '../../support/compose.js';

const link = (version: string, more: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/${version}", import: ["@key", "@shareable", ${more}])\n`;

function demands(subgraphs: Readonly<Record<string, string>>) {
  return Object.fromEntries(readSupergraph(composeSdl(subgraphs)).access.demands);
}

const authenticated = { kind: 'authenticated' };

describe('access rules are read by the identity of their specification', () => {
  it('under another name by import (AC-08)', () => {
    const sdl = `${link('v2.9', '{name: "@authenticated", as: "@signedIn"}')} type Query { a: Int @signedIn b: Int }`;
    expect(demands({ a: sdl })).toEqual({ 'Query.a': [authenticated] });
  });

  it('in a namespace (AC-08)', () => {
    const sdl = `${link('v2.9', '"@tag"')} type Query { a: Int @federation__requiresScopes(scopes: [["x"]]) }`;
    expect(demands({ a: sdl })).toEqual({ 'Query.a': [{ kind: 'scopes', anyOf: [['x']] }] });
  });

  it('under another prefix by as:', () => {
    const sdl = composeSdl({ a: 'type Query { a: Int @policy(policies: [["p"]]) }' })
      .replace(/(policy\/v0\.1")/, '$1, as: "rule"')
      .replaceAll('@policy(', '@rule(')
      .replaceAll('policy__Policy', 'rule__Policy');
    expect(Object.fromEntries(readSupergraph(sdl).access.demands)).toEqual({
      'Query.a': [{ kind: 'policies', anyOf: [['p']] }],
    });
  });

  it('carried by @join__directive', () => {
    const sdl = composeSdl({ a: 'type Query { a: Int b: Int @deprecated }' })
      .replace(
        'schema\n',
        'schema\n  @join__directive(graphs: [A], name: "link", args: {url: "https://specs.apollo.dev/authenticated/v0.1"})\n',
      )
      .replace('b: Int @deprecated', 'b: Int @join__directive(graphs: [A], name: "authenticated", args: {})');
    expect(sdl).toContain('name: "authenticated"');
    expect(Object.fromEntries(readSupergraph(sdl).access.demands)).toEqual({ 'Query.b': [authenticated] });
  });

  it('and not by a spelled name', () => {
    const sdl = composeSdl({ a: 'type Query { a: Int @deprecated }' }).replace(
      'type Query',
      'directive @authenticated on FIELD_DEFINITION\ntype Query',
    );
    expect(Object.fromEntries(readSupergraph(sdl.replace('@deprecated', '@authenticated')).access.demands)).toEqual({});
  });
});

describe('rules of several subgraphs', () => {
  it('all hold (AC-10)', () => {
    const of = (scopes: string) => `type Query { a: Int @shareable @requiresScopes(scopes: ${scopes}) }`;
    expect(demands({ a: of('[["a", "b"]]'), b: of('[["c"]]') })).toEqual({
      'Query.a': [{ kind: 'scopes', anyOf: [['a', 'b', 'c']] }],
    });
  });

  it('hold for a subgraph that has none (AC-11)', () => {
    expect(
      demands({ a: 'type Query { a: Int @shareable @authenticated }', b: 'type Query { a: Int @shareable }' }),
    ).toEqual({ 'Query.a': [authenticated] });
  });

  it('hold for object types when an interface object has them', () => {
    expect(
      demands({
        a: 'type Query { n: N } interface N @key(fields: "id") { id: ID } type A implements N @key(fields: "id") { id: ID }',
        b: 'type N @interfaceObject @key(fields: "id") { id: ID x: Int @authenticated }',
      }),
    ).toEqual({ 'A.x': [authenticated] });
  });
});

describe('a supergraph is refused', () => {
  const plain = composeSdl({
    a: 'type Query { n: N @authenticated } interface N { id: ID } type A implements N { id: ID @tag(name: "x") }',
  });

  it.each([
    ['type', plain.replace(/interface N\n/, 'interface N @authenticated\n'), 'N'],
    ['field', plain.replace(/(interface N[^}]*id: ID)/, '$1 @authenticated'), 'N.id'],
  ])('when a rule stands at an interface, and the %s is named (AC-03)', (_, sdl, coordinate) => {
    expect(sdl).not.toBe(plain);
    expect(() => readSupergraph(sdl)).toThrow(
      `${coordinate}: access rules cannot stand at an interface; write them at the object types that implement N`,
    );
  });

  it('by composition already when a subgraph says so (AC-03)', () => {
    expect(() =>
      composeSdl({ a: 'type Query { n: N } interface N { id: ID @authenticated } type A implements N { id: ID }' }),
    ).toThrow('AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE');
  });

  it.each(['[]', '[[]]', '[[""]]'])('when a rule says nothing: scopes %s', (scopes) => {
    const sdl = composeSdl({ a: 'type Query { a: Int @requiresScopes(scopes: [["x"]]) }' }).replace('[["x"]]', scopes);
    expect(() => readSupergraph(sdl)).toThrow('Query.a: @requiresScopes needs scopes');
  });

  it('when rules are linked under a name that no directive has', () => {
    const sdl = composeSdl({ a: 'type Query { a: Int @authenticated }' }).replace(
      /(authenticated\/v0\.1")/,
      '$1, as: "x"',
    );
    expect(() => readSupergraph(sdl)).toThrow(/SUPERGRAPH_INVALID|@x|authenticated/);
  });
});

describe('what a field is made of', () => {
  it('is read from @requires and @fromContext', () => {
    const { inputs } = readSupergraph(
      composeSdl({
        a: `type Query { o: O } type O @key(fields: "id") @context(name: "c") { id: ID secret: S p: P } type S @shareable { v: Int }
            type P @key(fields: "id") { id: ID d(x: Int @fromContext(field: "$c { secret { v } }")): Int }`,
        b: `type O @key(fields: "id") { id: ID secret: S @external total: Int @requires(fields: "secret { v }") } type S @shareable { v: Int }
            type P @key(fields: "id") { id: ID e: Int }`,
      }),
    ).access;
    expect(Object.fromEntries(inputs)).toEqual({
      'O.total': ['O.secret', 'S', 'S.v', 'Int'],
      'P.d': ['O.secret', 'S', 'S.v', 'Int'],
    });
  });

  it('is read from what a connector reads of its object', () => {
    const sdl = `extend schema
        @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@authenticated", { name: "@policy", as: "@rule" }])
        @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@connect", "@source"])
        @source(name: "api", http: { baseURL: "http://rest.test/api" })
      type Query { item: Item @rule(policies: [["p"]]) @connect(source: "api", http: { GET: "/item" }, selection: "id secret") }
      type Item {
        id: ID!
        secret: Int @authenticated
        more: Int @connect(source: "api", http: { GET: "/more/{$this.secret}" }, selection: "$")
      }`;
    const { demands, inputs } = readSupergraph(compose([{ name: 'rest', url: '', sdl }]).supergraphSdl).access;
    expect(Object.fromEntries(inputs)).toEqual({ 'Item.more': ['Item.secret', 'Int'] });
    expect(Object.fromEntries(demands)).toEqual({
      'Item.secret': [authenticated],
      'Query.item': [{ kind: 'policies', anyOf: [['p']] }],
    });
  });
});
