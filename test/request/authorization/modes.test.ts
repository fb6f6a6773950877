import { afterEach, describe, expect, it } from 'vitest';

import { refusals } from '../../../src/base/telemetry/channels.js';
import type { Refusal } from '../../../src/base/telemetry/channels.js';
import { someone } from '../../support/identities.js';
import { createTestGateway } from '../../support/testGateway.js';
import type { TestGateway, TestGatewayOptions } from '../../support/testGateway.js';

const typeDefs = `
  type Query { open: Int secret(token: String): Int @requiresScopes(scopes: [["top", "secret"], ["root"]]) me: User }
  type User { id: ID email: String @authenticated }
  type Mutation { first: Int second: Int @authenticated }
`;
const resolvers = {
  Query: { open: () => 1, secret: () => 42, me: () => ({ id: 1, email: 'e@x' }) },
  Mutation: { first: () => 1, second: () => 2 },
};
let gateway: TestGateway | undefined;

function start(
  authorization: TestGatewayOptions['authorization'],
  more: Partial<TestGatewayOptions> = {},
): TestGateway {
  return (gateway = createTestGateway({
    subgraphs: { a: { typeDefs, resolvers } },
    ...(authorization && { authorization }),
    ...more,
  }));
}
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});

const refusal = { code: 'UNAUTHORIZED_FIELD_OR_TYPE' };

describe('reject mode', () => {
  const reject = { directives: { unauthorized: { mode: 'reject' } } } as const;

  it('executes nothing, and answers with 403 (AC-16)', async () => {
    const answer = await start(reject).execute('mutation { first second }');
    expect(answer.data).toBeUndefined();
    expect(answer.errors).toEqual([
      { message: 'Unauthorized field or type', path: ['second'], extensions: { ...refusal, http: { status: 403 } } },
    ]);
    expect(gateway!.calls).toEqual([]);
  });

  it('lets through what is skipped', async () => {
    const query = 'query($v: Boolean!) { open secret @include(if: $v) }';
    expect(await start(reject).execute({ query, variables: { v: false } })).toMatchObject({
      data: { open: 1 },
      errors: [],
    });
  });
});

describe('a dry run', () => {
  it('answers everything, and tells in extensions where it shall', async () => {
    const { execute } = start({ directives: { dryRun: true, errors: { response: 'extensions' } } }, { dedupe: true });
    const [anonymous, root] = await Promise.all([
      execute('{ secret }'),
      execute({ query: '{ secret }', identity: someone('r', ['root']) }),
    ]);
    expect(anonymous).toMatchObject({
      data: { secret: 42 },
      errors: [],
      extensions: { authorizationErrors: [{ path: ['secret'], extensions: refusal }] },
    });
    expect(root).toMatchObject({ data: { secret: 42 }, errors: [], extensions: undefined });
  });
});

describe('errors', () => {
  it('go to extensions instead', async () => {
    expect(
      await start({ directives: { errors: { response: 'extensions' } } }).execute('{ open secret }'),
    ).toMatchObject({
      data: { open: 1, secret: null },
      errors: [],
      extensions: { authorizationErrors: [{ message: 'Unauthorized field or type', path: ['secret'] }] },
    });
  });

  it('go nowhere', async () => {
    expect(await start({ directives: { errors: { response: 'disabled' } } }).execute('{ open secret }')).toMatchObject({
      data: { open: 1, secret: null },
      errors: [],
      extensions: undefined,
    });
  });
});

describe('a dry run changes no answer and executes everything, wherever errors would go', () => {
  const query = 'mutation { first second }';
  it.each(['errors', 'extensions', 'disabled'] as const)('%s', async (response) => {
    const answer = await start({ directives: { dryRun: true, errors: { response } } }).execute(query);
    expect(answer).toMatchObject({ data: { first: 1, second: 2 }, errors: [] });
    const told = { authorizationErrors: [expect.objectContaining({ path: ['second'] })] };
    expect(answer.extensions).toEqual(response === 'extensions' ? told : undefined);
  });

  it('nor does it reject', async () => {
    const { execute } = start({ directives: { dryRun: true, unauthorized: { mode: 'reject' } } });
    expect(await execute(query)).toMatchObject({ data: { first: 1, second: 2 }, errors: [], extensions: undefined });
  });
});

describe('require_authentication', () => {
  it('answers the anonymous with 401 and asks nobody', async () => {
    const { execute } = start({ requireAuthentication: true });
    expect((await execute('{ open }')).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } },
    ]);
    expect(gateway!.calls).toEqual([]);
    expect(await execute({ query: '{ open }', identity: someone('a') })).toMatchObject({ data: { open: 1 } });
  });
});

describe('directives that are switched off', () => {
  it('open what the graph protects, and configured rules count all the same', async () => {
    const { execute } = start({ directives: { enabled: false }, fields: { 'Query.open': { authenticated: true } } });
    expect(await execute('{ open secret }')).toMatchObject({ data: { open: null, secret: 42 } });
  });
});

describe('nothing that is kept carries a decision for somebody else', () => {
  it('identical queries in flight of two callers give each their own (CACHE-08)', async () => {
    const { execute } = start(undefined, { dedupe: true });
    const callers = [someone('a'), someone('b', ['root']), someone('c', ['top', 'secret']), undefined];
    const query = '{ open secret me { email } }';
    const answers = await Promise.all(
      [...callers, ...callers].map((identity) => execute({ query, ...(identity && { identity }) })),
    );
    const one = [
      { open: 1, secret: null, me: { email: 'e@x' } },
      { open: 1, secret: 42, me: { email: 'e@x' } },
      { open: 1, secret: 42, me: { email: 'e@x' } },
      { open: 1, secret: null, me: { email: null } },
    ];
    expect(answers.map(({ data }) => data)).toEqual([...one, ...one]);
  });

  it('an answer that depends on the caller is for the caller only (CACHE-01)', async () => {
    const { execute } = start(undefined);
    const mine = await execute({ query: '{ secret }', identity: someone('r', ['root']) });
    expect(mine.cachePolicy).toMatchObject({ scope: 'PRIVATE' });
    expect((await execute('{ open secret }')).cachePolicy).toEqual({ maxAge: 0, scope: 'PRIVATE' });
  });

  it('more different callers than variants are kept', async () => {
    const fields = Array.from({ length: 6 }, (_, i) => `f${i}: Int @requiresScopes(scopes: [["s${i}"]])`).join(' ');
    gateway = createTestGateway({
      subgraphs: {
        a: {
          typeDefs: `type Query { ${fields} }`,
          resolvers: { Query: Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`f${i}`, () => i])) },
        },
      },
    });
    for (let round = 0; round < 2; round++) {
      for (let bits = 1; bits < 64; bits++) {
        const has = (i: number) => (bits & (1 << i)) !== 0;
        const scopes = Array.from({ length: 6 }, (_, i) => `s${i}`).filter((_, i) => has(i));
        const answer = await gateway.execute({ query: '{ f0 f1 f2 f3 f4 f5 }', identity: someone('x', scopes) });
        expect(answer.data).toEqual(
          Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`f${i}`, has(i) ? i : null])),
        );
      }
    }
  });
});

describe('introspection', () => {
  const names = '{ __schema { types { name fields { name } } } }';
  type Named = { readonly name: string; readonly fields: readonly { readonly name: string }[] | null };
  const seen = (data: unknown) => {
    const { types } = (data as { readonly __schema: { readonly types: readonly Named[] } }).__schema;
    return types
      .filter(({ name }) => !name.startsWith('__'))
      .flatMap(({ name, fields }) => [name, ...(fields ?? []).map((field) => `${name}.${field.name}`)]);
  };

  it('is decided for each caller, whoever asked before (CACHE-12)', async () => {
    const { execute } = start({ introspection: { requires: { scopes: [['staff']] } } });
    const staff = { query: names, identity: someone('s', ['staff']) };
    expect((await execute(staff)).data).toBeDefined();
    const anonymous = await execute(names);
    expect(anonymous.data).toBeUndefined();
    expect(anonymous.errors).toMatchObject([{ extensions: { code: 'INTROSPECTION_DISABLED', http: { status: 400 } } }]);
    expect((await execute('{ __typename open }')).errors).toEqual([]);
    expect((await execute(staff)).errors).toEqual([]);
  });

  it('leaves out what the caller may not have, for each caller', async () => {
    const { execute } = start({ introspection: { filter: true } }, { dedupe: true });
    const [anonymous, root] = await Promise.all([
      execute(names),
      execute({ query: names, identity: someone('r', ['root']) }),
    ]);
    expect(seen(anonymous.data)).toEqual(
      expect.arrayContaining(['Query.open', 'Query.me', 'User.id', 'Mutation.first']),
    );
    for (const hidden of ['Query.secret', 'User.email', 'Mutation.second', 'String.x'])
      expect(seen(anonymous.data)).not.toContain(hidden);
    expect(seen(root.data)).toEqual(expect.arrayContaining(['Query.secret', 'User.email', 'Mutation.second']));
    expect(anonymous.cachePolicy).toMatchObject({ scope: 'PRIVATE' });
  });

  it('leaves out types of which nothing is left, and what leads only there', async () => {
    gateway = createTestGateway({
      subgraphs: {
        a: {
          typeDefs: `type Query { open: Int v: Vault f(i: In): Key @authenticated u: U }
            type Vault @authenticated { key: Key } type Key { e: E } enum E { A } input In { e: E }
            union U = Vault | Other type Other { o: Int }`,
        },
      },
      authorization: { introspection: { filter: true } },
    });
    const all = seen((await gateway.execute(names)).data);
    expect(all).toEqual(expect.arrayContaining(['Query', 'Query.open', 'Query.u', 'U', 'Other']));
    for (const hidden of ['Vault', 'Key', 'E', 'In', 'Query.v', 'Query.f']) expect(all).not.toContain(hidden);
    expect((await gateway.execute('{ __type(name: "Vault") { name } }')).data).toEqual({ __type: null });
  });
});

describe('introspection with a filter shows nothing that only hidden fields lead to', () => {
  const types = `
    type Query {
      open(e: Visible = ONE): Int old: Int @deprecated oldSecret: Int @deprecated @authenticated
      secret(i: SecretIn): SecretResult @authenticated via: Wrap some: Some code: Code
    }
    type Mutation { m(i: MutationIn): Int @authenticated }
    enum Visible { ONE } input SecretIn { s: SecretEnum } enum SecretEnum { TOP } type SecretResult { leaf: Leaf } scalar Leaf
    input MutationIn { x: Int } scalar Code @authenticated
    interface Shown { id: ID } type Public implements Shown { id: ID p: Int } union Some = Public | Hidden
    type Hidden implements Shown @authenticated { id: ID q: Question } enum Question { WHAT }
    type Wrap { inner: Inner } type Inner @authenticated { x: Int }`;

  it('for the anonymous, by any way to ask', async () => {
    gateway = createTestGateway({
      subgraphs: { a: { typeDefs: types } },
      authorization: { introspection: { filter: true } },
    });
    const query = `query($name: String!) {
      __schema { types { name } mutationType { name } }
      __type(name: $name) { name enumValues { name } }
      query: __type(name: "Query") { fields(includeDeprecated: true) { name } }
      union: __type(name: "Some") { possibleTypes { name } }
      public: __type(name: "Public") { interfaces { name } }
    }`;
    const asked = async (identity?: ReturnType<typeof someone>) =>
      (await gateway!.execute({ query, variables: { name: 'Question' }, ...(identity && { identity }) })).data as {
        readonly __schema: { readonly types: readonly { readonly name: string }[] };
      };
    const named = (all: readonly { readonly name: string }[]) =>
      all.map(({ name }) => name).filter((n) => /^[A-Z]/.test(n));
    const anonymous = await asked();
    expect(named(anonymous.__schema.types).sort()).toEqual(
      ['Boolean', 'ID', 'Int', 'Public', 'Query', 'Some', 'String', 'Visible'].sort(),
    );
    expect(anonymous).toMatchObject({
      __schema: { mutationType: null },
      __type: null,
      query: { fields: ['open', 'old', 'some'].map((name) => ({ name })) },
      union: { possibleTypes: [{ name: 'Public' }] },
      public: { interfaces: [] },
    });
    expect(await asked(someone('ada'))).toMatchObject({
      __type: { name: 'Question', enumValues: [{ name: 'WHAT' }] },
      union: { possibleTypes: [{ name: 'Public' }, { name: 'Hidden' }] },
    });
  });
});

describe('the audit', () => {
  it('tells who asked for what, and no values; a flood is counted', async () => {
    const told: Refusal[] = [];
    const stop = refusals.subscribe((refused) => void told.push(refused));
    let now = 0;
    const clock = { now: () => now, monotonic: () => now, schedule: () => () => {} };
    const { execute } = start(undefined, { clock });
    const query = 'query Q { open secret(token: "hunter2") }';
    await execute({ query, identity: someone('ada', [], { password: 'hunter3' }) });
    expect(told).toEqual([
      {
        requestId: 'test',
        outcome: 'refused',
        coordinate: 'Query.secret',
        rules: ['scopes top+secret or root'],
        identity: 'jwt',
        subject: 'ada',
        operationName: 'Q',
        dropped: 0,
      },
    ]);
    for (let i = 0; i < 150; i++) await execute(query);
    expect(told).toHaveLength(100);
    now = 1000;
    await execute(query);
    expect(told.at(-1)).toMatchObject({ dropped: 51, identity: 'anonymous' });
    expect(JSON.stringify(told)).not.toContain('hunter');
    stop();
  });
});
