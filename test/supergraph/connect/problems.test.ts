import { describe, expect, it } from 'vitest';

import { compose } from '../../../src/supergraph/compose/compose.js';
import { CompositionError } from '../../../src/supergraph/compose/CompositionError.js';
import { printProblem } from '../../../src/supergraph/compose/problems.js';
import { restSubgraph } from './connectorSdl.js';

/** Line 5 is the first of `lines`. */
function problemsOf(lines: string, version?: string): string[] {
  try {
    compose([restSubgraph('rest', lines, version)]);
    return [];
  } catch (error) {
    if (error instanceof CompositionError) return error.problems.map(printProblem);
    throw error;
  }
}

const user = 'type User { id: ID! name: String }';
const get = (selection: string, more = ''): string =>
  `type Query { user(id: ID!): User @connect(source: "api", http: { GET: "/u/{$args.id}" }, selection: ${selection}${more}) }\n${user}`;

describe('a wrong connector is told with file, line and column', () => {
  it.each([
    [
      'an unknown field of the selection',
      get('"id nmae"'),
      /^rest.graphql:5:105: CONNECTOR_UNKNOWN_FIELD .*User has no field "nmae"/,
    ],
    [
      'an unknown field inside a block string',
      'type Query {\n  user(id: ID!): User @connect(\n    source: "api"\n    http: { GET: "/u/{$args.id}" }\n    selection: """\n    id\n    nick: name\n    """)\n}\n' +
        user,
      /^rest.graphql:11:5: CONNECTOR_UNKNOWN_FIELD .*User has no field "nick"/,
    ],
    ['a selection that cannot be read', get('"id {"'), /^rest.graphql:5:\d+: CONNECTOR_INVALID_MAPPING/],
    [
      'fields that nobody selects',
      get('"id"'),
      /^rest.graphql:6:21: CONNECTOR_MISSING .*User.name is given by no connector/,
    ],
    [
      'an object where a scalar is',
      get('"id name { first }"'),
      /CONNECTOR_TYPE_MISMATCH .*User.name is of type String/,
    ],
    ['a scalar where an object is', get('"$.id"'), /CONNECTOR_TYPE_MISMATCH .*name its fields/],
    [
      'an unknown argument',
      get('"id name"').replace('$args.id', '$args.it'),
      /^rest.graphql:5:76: CONNECTOR_UNKNOWN_VARIABLE .*no argument "it"/,
    ],
    [
      'an unknown variable',
      get('"id name"').replace('$args.id', '$arg.id'),
      /CONNECTOR_UNKNOWN_VARIABLE .*no variable \$arg/,
    ],
    [
      'the answer before there is one',
      get('"id name"').replace('$args.id', '$status'),
      /CONNECTOR_UNKNOWN_VARIABLE .*not before/,
    ],
    [
      '$this in a root field',
      get('"id name"').replace('$args.id', '$this.id'),
      /CONNECTOR_UNKNOWN_VARIABLE .*\$this is for fields/,
    ],
    [
      'an unknown source',
      get('"id name"').replace('"api"', '"apo"'),
      /^rest.graphql:5:51: CONNECTOR_UNKNOWN_SOURCE .*\(there are api\)/,
    ],
    ['a host with a source', get('"id name"').replace('/u/', 'http://evil.test/u/'), /CONNECTOR_INVALID_URL/],
    ['no host without a source', get('"id name"').replace('source: "api", ', ''), /CONNECTOR_INVALID_URL/],
    [
      'a host made of values',
      get('"id name"').replace('source: "api", ', '').replace('/u/{$args.id}', 'http://{$args.id}.test/'),
      /CONNECTOR_INVALID_URL .*host must be written out/,
    ],
    ['two methods', get('"id name"').replace('GET:', 'POST: "/x" GET:'), /CONNECTOR_INVALID_ARGUMENTS .*two methods/],
    ['no method', get('"id name"').replace('GET: "/u/{$args.id}"', 'body: "$"'), /CONNECTOR_INVALID_ARGUMENTS/],
    [
      'an entity without arguments',
      get('"id name"', ', entity: true').replace('$args.id', '$config.x'),
      /CONNECTOR_INVALID_KEY/,
    ],
    [
      'a list as an entity',
      get('"id name"', ', entity: true').replace('): User', '): [User]'),
      /CONNECTOR_INVALID_KEY .*a list cannot be looked up/,
    ],
    [
      'an argument of another type than the key',
      get('"id name"', ', entity: true').replace('id: ID!)', 'id: Int!)'),
      /CONNECTOR_INVALID_KEY .*argument id is of type Int, and User.id of type ID/,
    ],
    [
      'a key that is no field',
      get('"id name"', ', entity: true').replace('(id: ID!)', '(uid: ID!)').replace('$args.id', '$args.uid'),
      /CONNECTOR_INVALID_KEY .*User has no field "uid"/,
    ],
    [
      'a batch whose answers do not say whose they are',
      'type Query { users: [User] @connect(source: "api", http: { GET: "/u" }, selection: "id") }\ntype User @connect(source: "api", http: { POST: "/u", body: "ids: $batch.id" }, selection: "name") { id: ID! name: String }',
      /^rest.graphql:6:\d+: CONNECTOR_INVALID_KEY .*must give the key id/,
    ],
    [
      'an interface without __typename',
      'type Query { node: Node @connect(source: "api", http: { GET: "/n" }, selection: "id") }\ninterface Node { id: ID! }\ntype T implements Node { id: ID! }',
      /CONNECTOR_TYPE_MISMATCH .*must give __typename/,
    ],
    [
      'a root field without a connector',
      'type Query { a: Int }',
      /^rest.graphql:5:14: CONNECTOR_MISSING .*Query.a has no @connect/,
    ],
    [
      'a subscription',
      `${get('"id name"')}\ntype Subscription { ticks: Int @connect(source: "api", http: { GET: "/t" }, selection: "$") }`,
      /CONNECTOR_NOT_SUPPORTED/,
    ],
  ])('%s', (_, lines, expected) => {
    expect(problemsOf(lines).join('\n')).toMatch(expected);
  });

  it('a version that is not executed', () => {
    expect(problemsOf(get('"id name"'), '0.9')).toEqual([
      'rest.graphql:3:3: CONNECTOR_VERSION_UNSUPPORTED [rest] Connectors v0.9 are not supported: versions 0.1, 0.2, 0.3 are',
    ]);
  });

  it('all at once, and nothing for what is right', () => {
    expect(problemsOf(get('"id name"'))).toEqual([]);
    expect(problemsOf(get('"id nmae emial"'))).toHaveLength(2);
  });
});
