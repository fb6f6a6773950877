import { Kind, buildSchema, parse } from 'graphql';
import type { OperationDefinitionNode } from 'graphql';
import { describe, expect, it } from 'vitest';

import { parseJson } from '../../../src/base/kit/json.js';
import { untold } from '../../../src/engine/execute/Faults.js';
import type { Fault } from '../../../src/engine/execute/Faults.js';
import type { JsonObject } from '../../../src/engine/execute/json.js';
import type { Run } from '../../../src/engine/execute/Run.js';
import { readSchemaNames } from '../../../src/engine/operation/canonicalKeys.js';
import { normalise } from '../../../src/engine/operation/normalise.js';
import { compileProjection } from '../../../src/engine/respond/compileProjection.js';
import type { Projected } from '../../../src/engine/respond/compileProjection.js';
import { finishedRun } from '../../support/runPlan.js';

const schema = buildSchema(/* GraphQL */ `
  scalar Any
  enum Color {
    RED @deprecated
    GREEN
  }
  interface Node {
    id: ID!
    peer: Node
    name: String
  }
  type User implements Node {
    id: ID!
    name: String
    mail: String!
    peer: User
    friends: [User!]
  }
  type Post implements Node {
    id: ID!
    name: String
    peer: Post
    author: User!
  }
  type Query {
    user: User
    users: [User]
    posts: [Post!]!
    node: Node
    nodes: [Node]
    color: Color
    colors: [Color!]
    int: Int
    float: Float
    string: String
    id: ID
    boolean: Boolean
    any: Any
    strict: String!
    grid: [[Int!]]
  }
`);
const names = readSchemaNames(schema);

/** Projects a tree whose keys are the fields' names; `prepare` places faults. */
function project(query: string, root: JsonObject, prepare: (run: Run) => void = () => {}): Projected {
  const document = parse(query);
  const definition = document.definitions.find(
    (node) => node.kind === Kind.OPERATION_DEFINITION,
  ) as OperationDefinitionNode;
  const operation = normalise(document, definition, schema, names);
  const run = finishedRun(root);
  prepare(run);
  return compileProjection(operation, schema, () => true)(run, undefined);
}

function fault(run: Run, message: string, exact = true): Fault {
  const made: Fault = {
    exact,
    code: 'DOWNSTREAM_SERVICE_ERROR',
    message,
    extensions: { code: 'X' },
    cause: new Error(message),
    telling: untold(),
  };
  run.faults.add(made);
  return made;
}

const lines = ({ errors }: Projected) => errors.map(({ message, path }) => `${path?.join('.') ?? '-'}: ${message}`);

describe('leaves', () => {
  it.each([
    ['int', '1', '1'],
    ['int', '2147483648', undefined],
    ['int', '1.5', undefined],
    ['int', '"1"', undefined],
    ['int', 'true', undefined],
    ['int', '12345678901234567890', undefined],
    ['float', '12345678901234567890', '12345678901234567890'],
    ['float', '1e400', undefined],
    ['float', '"1"', undefined],
    ['id', '12345678901234567890', '"12345678901234567890"'],
    ['id', '7', '"7"'],
    ['id', '1.5', undefined],
    ['id', 'true', undefined],
    ['string', '1', undefined],
    ['string', '{}', undefined],
    ['boolean', '1', undefined],
    ['boolean', '"true"', undefined],
    ['color', '"RED"', '"RED"'],
    ['color', '"BLUE"', undefined],
    ['color', '"toString"', undefined],
    ['color', '"__proto__"', undefined],
    ['color', '["RED"]', undefined],
    [
      'any',
      '{"a":[12345678901234567890,"x"],"__proto__":{"b":null}}',
      '{"a":[12345678901234567890,"x"],"__proto__":{"b":null}}',
    ],
    ['any', '[1e400,{"x":-1e400}]', '[null,{"x":null}]'],
  ])('%s of %s', (field, json, expected) => {
    const projected = project(`{ ${field} }`, parseJson(`{"${field}":${json}}`) as JsonObject);
    expect(projected.text).toBe(`{"${field}":${expected ?? 'null'}}`);
    expect(lines(projected)).toEqual(expected === undefined ? [expect.stringMatching(new RegExp(`^${field}: `))] : []);
    if (expected === undefined) expect(projected.errors[0]!.extensions).toEqual({ code: 'INVALID_VALUE' });
  });

  it('a custom scalar that is Infinity is null, not a word that JSON does not know', () => {
    expect(project('{ any }', { any: Infinity }).text).toBe('{"any":null}');
  });

  it('a value that breaks the schema is not repeated in the message', () => {
    const projected = project('{ int color }', { int: 'secret', color: 'secret' });
    expect(lines(projected).join()).not.toContain('secret');
  });

  it('an unknown enum value in a non-null list costs the list', () => {
    const projected = project('{ colors }', { colors: ['RED', 'BLUE'] });
    expect(projected.text).toBe('{"colors":null}');
    expect(lines(projected)).toEqual([expect.stringMatching(/^colors\.1: /)]);
  });
});

describe('an error that a subgraph placed', () => {
  it("is reported at the client's own path, once for each name that selected the field", () => {
    const user = { __typename: 'User', name: null };
    const projected = project('{ a: user { n: name m: name } b: user { name } }', { user }, (run) => {
      run.faults.place(fault(run, 'boom'), user, 'name');
    });
    expect(projected.text).toBe('{"a":{"n":null,"m":null},"b":{"name":null}}');
    expect(lines(projected)).toEqual(['a.n: boom', 'a.m: boom', 'b.name: boom']);
  });

  it('explains a null: no completion error beside it', () => {
    const user = { __typename: 'User', mail: null };
    const projected = project('{ user { mail } }', { user }, (run) => {
      run.faults.place(fault(run, 'boom'), user, 'mail');
    });
    expect(projected.text).toBe('{"user":null}');
    expect(lines(projected)).toEqual(['user.mail: boom']);
  });

  it('in a list stands at its index', () => {
    const users = [null, { __typename: 'User', id: '1' }];
    const projected = project('{ users { id } }', { users }, (run) => {
      run.faults.place(fault(run, 'boom'), users, '0');
    });
    expect(lines(projected)).toEqual(['users.0: boom']);
  });

  it('in a nested list stands at both indexes', () => {
    const inner = [1, null];
    const projected = project('{ grid }', { grid: [[2], inner] }, (run) => {
      run.faults.place(fault(run, 'boom'), inner, '1');
    });
    expect(projected.text).toBe('{"grid":[[2],null]}');
    expect(lines(projected)).toEqual(['grid.1.1: boom']);
  });

  it('that the client did not select is reported at the object it belongs to', () => {
    const user = { __typename: 'User', name: 'n' };
    const projected = project('{ user { name } }', { user }, (run) => {
      run.faults.place(fault(run, 'elsewhere'), user, 'mail');
    });
    expect(lines(projected)).toEqual(['user: elsewhere']);
  });

  it('that explains many nulls is one error, at the first', () => {
    const users = [1, 2, 3].map(() => ({ __typename: 'User' }));
    const projected = project('{ users { name mail } }', { users }, (run) => {
      const down = fault(run, 'down', false);
      for (const user of users) for (const key of ['name', 'mail']) run.faults.place(down, user, key);
    });
    expect(projected.text).toBe('{"users":[null,null,null]}');
    expect(lines(projected)).toEqual(['users.0.name: down']);
  });

  it('carries its extensions and its cause, and can be edited without touching the fault', () => {
    let placed: Fault | undefined;
    const projected = project('{ strict }', {}, (run) => {
      placed = fault(run, 'boom');
      run.faults.place(placed, run.root, 'strict');
    });
    projected.errors[0]!.extensions['code'] = 'edited';
    expect(placed!.extensions).toEqual({ code: 'X' });
    expect(projected.errors[0]!.originalError).toBe(placed!.cause);
  });

  it('stands at its place when the field has two keys in the tree', () => {
    const query = '{ node { p: peer { id } ... on User { p: peer { name mail } } } }';
    const document = parse(query);
    const operation = normalise(document, document.definitions[0] as OperationDefinitionNode, schema, names);
    const [node] = operation.selections;
    if (node?.kind !== 'field') throw new Error('no field');
    const [first, fragment] = node.selections!;
    const second = fragment?.kind === 'fragment' ? fragment.selections[0] : undefined;
    if (first?.kind !== 'field' || second?.kind !== 'field') throw new Error('no fields');
    expect(first.key).not.toBe(second.key);
    const part = { __typename: 'User', name: null, mail: 'm' };
    const user = { __typename: 'User', [first.key]: { __typename: 'User', id: '1' }, [second.key]: part };
    const inside = project(query, { node: user }, (run) => run.faults.place(fault(run, 'no name'), part, 'name'));
    expect(inside.text).toBe('{"node":{"p":{"id":"1","name":null,"mail":"m"}}}');
    expect(lines(inside)).toEqual(['node.p.name: no name']);
    const gone = { __typename: 'User', [first.key]: null, [second.key]: null };
    const at = project(query, { node: gone }, (run) => run.faults.place(fault(run, 'no peer'), gone, second.key));
    expect(lines(at)).toEqual(['node.p: no peer']);
  });
});

describe('shared entities', () => {
  const sharedBy =
    (object: JsonObject, prepare: (run: Run) => void = () => {}) =>
    (run: Run) => {
      run.shared.add(object);
      run.sharing = true;
      prepare(run);
    };

  it('are written alike at every place, also by different selections', () => {
    const author = { __typename: 'User', id: '1', name: 'n' };
    const posts = [1, 2].map((id) => ({ __typename: 'Post', id, author }));
    const projected = project(
      '{ posts { author { id } a: author { name } } user { id name } }',
      { posts, user: author },
      sharedBy(author),
    );
    expect(projected.text).toBe(
      '{"posts":[{"author":{"id":"1"},"a":{"name":"n"}},{"author":{"id":"1"},"a":{"name":"n"}}],"user":{"id":"1","name":"n"}}',
    );
    expect(projected.errors).toEqual([]);
  });

  it('never hide an error: each path reports its own', () => {
    const friend = { __typename: 'User', name: null };
    const author = { __typename: 'User', friends: [friend] };
    const posts = [1, 2, 3].map(() => ({ __typename: 'Post', author }));
    const projected = project(
      '{ posts { author { friends { name } } } }',
      { posts },
      sharedBy(author, (run) => run.faults.place(fault(run, 'boom'), friend, 'name')),
    );
    expect(lines(projected)).toEqual([0, 1, 2].map((i) => `posts.${i}.author.friends.0.name: boom`));
  });

  it('never hide a completion error, nor a null that goes up', () => {
    const author = { __typename: 'User', id: '1', mail: null };
    const users = [
      { __typename: 'User', peer: author },
      { __typename: 'User', peer: author },
    ];
    const projected = project('{ users { peer { id mail } } }', { users }, sharedBy(author));
    expect(projected.text).toBe('{"users":[{"peer":null},{"peer":null}]}');
    expect(lines(projected)).toEqual([0, 1].map((i) => expect.stringMatching(`^users.${i}.peer.mail: `)));
  });

  it('a text that was remembered in one answer is not used in another', () => {
    const author: JsonObject = { __typename: 'User', id: '1' };
    const posts = [
      { __typename: 'Post', author },
      { __typename: 'Post', author },
    ];
    expect(project('{ posts { author { id } } }', { posts }, sharedBy(author)).text).toContain('"1"');
    author['id'] = '2';
    expect(project('{ posts { author { id } } }', { posts }, sharedBy(author)).text).not.toContain('"1"');
  });
});

describe('errors beyond the cap', () => {
  it('are counted: completion errors', () => {
    const projected = project('{ users { mail } }', {
      users: Array.from({ length: 250 }, () => ({ __typename: 'User' })),
    });
    expect(projected.errors).toHaveLength(100);
    expect(projected.droppedErrors).toBe(150);
    expect(JSON.parse(projected.text)).toEqual({ users: new Array(250).fill(null) });
  });

  it('are counted: errors at many client paths, and those a subgraph sent beyond what is read', () => {
    const user = { __typename: 'User', name: null };
    const fields = Array.from({ length: 90 }, (_, i) => `f${i}: name`).join(' ');
    const projected = project(`{ a: user { ${fields} } b: user { ${fields} } }`, { user }, (run) => {
      run.faults.place(fault(run, 'boom'), user, 'name');
      run.faults.dropped = 5;
    });
    expect(projected.errors).toHaveLength(100);
    expect(projected.droppedErrors).toBe(85);
  });
});

describe('types', () => {
  it('a type that is no possible one is an error', () => {
    for (const typename of ['Query', 'Color', 'Nobody', 'toString', '__proto__', '']) {
      const projected = project('{ node { id } }', { node: { __typename: typename, id: '1' } });
      expect(projected.text).toBe('{"node":null}');
      expect(lines(projected)).toEqual([expect.stringMatching(/^node: /)]);
    }
    const odd = project('{ node { id } }', { node: { __typename: { a: 1 }, id: '1' } });
    expect(odd.text).toBe('{"node":null}');
  });

  it("an answer that does not say its type gives the interface's own fields", () => {
    expect(project('{ node { id ... on User { mail } } }', { node: { id: '1' } }).text).toBe('{"node":{"id":"1"}}');
  });

  it('an object of another type than its field promises is an error', () => {
    const projected = project('{ user { id } }', { user: { __typename: 'Post', id: '1' } });
    expect(projected.text).toBe('{"user":null}');
    expect(projected.errors).toHaveLength(1);
  });

  it.each([['text'], [5], [true], [[]], [[{ id: '1' }]]])('an object is expected, not %j', (user) => {
    const projected = project('{ user { id } }', { user });
    expect(projected.text).toBe('{"user":null}');
    expect(projected.errors).toHaveLength(1);
  });

  it.each([['text'], [{ length: 1 }], [5]])('a list is expected, not %j', (users) => {
    expect(project('{ users { id } }', { users }).text).toBe('{"users":null}');
  });
});
