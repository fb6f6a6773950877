import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { createPolicyEndpoint } from '../../../src/request/authorization/createPolicyEndpoint.js';
import type { PolicyQuestion } from '../../../src/request/authorization/Policy.js';
import type { HttpQuestion } from '../../../src/base/http/createHttpClient.js';
import { loadOptions } from '../../../src/base/config/loadOptions.js';
import { Lifetime } from '../../../src/base/kit/Lifetime.js';
import { someone } from '../../support/identities.js';
import { createTestGateway } from '../../support/testGateway.js';
import type { TestGateway, TestGatewayOptions } from '../../support/testGateway.js';

const typeDefs = `
  type Query {
    staff: Int @policy(policies: [["staff"]])
    both: Int @policy(policies: [["staff", "oncall"], ["root"]])
    order(id: ID!, size: Int = 3): Int @policy(policies: [["own"]])
    open: Int
  }
`;
const resolvers = { Query: { staff: () => 1, both: () => 2, order: () => 3, open: () => 4 } };
let gateway: TestGateway | undefined;
let directory: string | undefined;

function start(more: Partial<TestGatewayOptions>): TestGateway {
  return (gateway = createTestGateway({ subgraphs: { a: { typeDefs, resolvers } }, ...more }));
}
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
  if (directory !== undefined) rmSync(directory, { recursive: true });
  directory = undefined;
});

const no = { staff: () => false, oncall: () => false, root: () => false, own: () => false };

describe('a policy that nobody decides', () => {
  it('keeps the supergraph from being served (AC-22)', async () => {
    await expect(start({}).execute('{ open }')).rejects.toThrow('nobody decides the policy staff of Query.both');
  });
});

describe('expressions', () => {
  const expressions = {
    staff: '"staff" in claims.groups',
    oncall: 'scopes.exists(s, s.startsWith("oncall"))',
    root: 'authenticated && subject == "root"',
    own: 'has(args.id) && args.id == subject',
  };

  it('see claims, scopes and arguments; a claim that is not there says no', async () => {
    const { execute } = start({ authorization: { policies: { expressions } } });
    const query = '{ staff both a: order(id: "ada") b: order(id: "bob") }';
    expect(await execute({ query, identity: someone('ada', ['oncall:eu'], { groups: ['staff'] }) })).toMatchObject({
      data: { staff: 1, both: 2, a: 3, b: null },
    });
    expect(await execute({ query, identity: someone('root') })).toMatchObject({
      data: { staff: null, both: 2, a: null, b: null },
    });
    expect(await execute(query)).toMatchObject({ data: null });
  });

  it.each([
    ['claims.constructor.constructor("return process")() == 1'],
    ['subject + 1'],
    ['process.env.SECRET == ""'],
    ['claims.__proto__ == '],
  ])('are refused when they are not: %s', (text) => {
    const { problems } = loadOptions({ authorization: { policies: { expressions: { x: text } } } }, 'test');
    expect(problems).toMatchObject([{ message: expect.stringContaining('is not an expression') as unknown }]);
  });

  it('never read what is inherited', async () => {
    const evil = {
      ...expressions,
      staff: 'claims.constructor != null',
      own: 'args.toString != null || args.__proto__ != null',
    };
    const answer = await start({ authorization: { policies: { expressions: evil } } }).execute({
      query: '{ open staff order(id: 1) }',
      identity: someone('ada', [], { a: 1 }),
    });
    expect(answer.data).toEqual({ open: 4, staff: null, order: null });
  });
});

describe('functions', () => {
  it('see the identity and coerced arguments, once for each set of them', async () => {
    const asked: PolicyQuestion[] = [];
    const own = async (question: PolicyQuestion) => {
      asked.push(question);
      await Promise.resolve();
      return question.arguments?.['id'] === question.identity.subject;
    };
    const { execute } = start({ policies: { ...no, own } });
    const query = 'query($id: ID!) { a: order(id: $id) b: order(id: $id) c: order(id: "x", size: 9) }';
    expect(await execute({ query, variables: { id: 7 }, identity: someone('7') })).toMatchObject({
      data: { a: 3, b: 3, c: null },
      errors: [{ path: ['c'] }],
    });
    expect(asked.map(({ policy, field, arguments: given }) => [policy, field, { ...given }])).toEqual([
      ['own', 'Query.order', { id: '7', size: 3 }],
      ['own', 'Query.order', { id: 'x', size: 9 }],
    ]);
    expect(await execute({ query, variables: { id: 'x' }, identity: someone('7') })).toMatchObject({ data: null });
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('secret cause');
      },
    ],
    ['rejects', () => Promise.reject(new Error('secret cause'))],
    ['gives something else than true', () => 'yes' as unknown as boolean],
    ['never answers', () => new Promise<boolean>(() => {})],
  ])('say no when one %s, and the client reads nothing of it (LEAK-14)', async (_, staff) => {
    const { execute } = start({ policies: { ...no, staff }, authorization: { policies: { timeout: '20ms' } } });
    const answer = await execute('{ open staff }');
    expect(answer).toMatchObject({ data: { open: 4, staff: null }, errors: [{ path: ['staff'] }] });
    expect(JSON.stringify(answer)).not.toContain('secret cause');
  });

  it('come from a module', async () => {
    directory = mkdtempSync(join(tmpdir(), 'portico-policies-'));
    const module = join(directory, 'policies.mjs');
    writeFileSync(
      module,
      `export const own = ({ arguments: { id }, identity }) => id === identity.subject;
       export default { staff: () => true, oncall: () => false, root: () => true };`,
    );
    const { execute } = start({ authorization: { policies: { module } } });
    expect(await execute({ query: '{ staff both order(id: "a") }', identity: someone('a') })).toMatchObject({
      data: { staff: 1, both: 2, order: 3 },
    });
  });

  it('and an expression cannot decide the same policy', async () => {
    const { execute } = start({ policies: no, authorization: { policies: { expressions: { staff: 'true' } } } });
    await expect(execute('{ open }')).rejects.toThrow('staff would be decided by two');
  });
});

describe('an endpoint', () => {
  const asker = () => ({ identity: someone('ada', ['s'], { c: 1 }), requestId: 'r1', lifetime: new Lifetime(1000) });
  const options = { url: 'http://opa.test/v1/data/allow', headers: { authorization: 'Bearer x' }, cacheTtlMs: 1000 };
  const question = (policy: string, given?: Record<string, unknown>) => ({
    policy,
    field: given && 'Query.order',
    arguments: given,
  });

  function bench(answer: (question: HttpQuestion) => { status: number; text: string }) {
    const asked: HttpQuestion[] = [];
    let now = 0;
    const http = {
      ask: async (one: HttpQuestion) => {
        asked.push(one);
        await Promise.resolve();
        return { headers: {}, ...answer(one) };
      },
      close: () => Promise.resolve(),
    };
    const clock = { now: () => now, monotonic: () => now, schedule: () => () => {} };
    return { asked, endpoint: createPolicyEndpoint(options, http, clock), turn: (ms: number) => void (now += ms) };
  }

  it('is asked once for all policies, and not again for what it has decided, per policy, identity and arguments', async () => {
    const { asked, endpoint, turn } = bench(({ body }) => {
      const { input } = JSON.parse(body!) as { input: { questions: Array<{ policy: string }> } };
      return { status: 200, text: JSON.stringify({ result: input.questions.map(({ policy }) => policy === 'p') }) };
    });
    const questions = [question('p'), question('q'), question('p', { id: 1n })];
    expect(await endpoint.decide(questions, asker(), 100)).toEqual([true, false, true]);
    expect(await endpoint.decide(questions, asker(), 100)).toEqual([true, false, true]);
    expect(asked).toHaveLength(1);
    expect(JSON.parse(asked[0]!.body!)).toEqual({
      input: {
        identity: { kind: 'jwt', subject: 'ada', issuer: 'https://issuer.test', scopes: ['s'], claims: { c: 1 } },
        questions: [{ policy: 'p' }, { policy: 'q' }, { policy: 'p', field: 'Query.order', arguments: { id: 1 } }],
      },
    });
    await endpoint.decide([question('p', { id: 2 })], asker(), 100);
    await endpoint.decide([question('p')], { ...asker(), identity: someone('bob') }, 100);
    expect(asked).toHaveLength(3);
    turn(1001);
    await endpoint.decide([question('p')], asker(), 100);
    expect(asked).toHaveLength(4);
  });

  it.each([
    ['an error status', { status: 500, text: '{"result": [true]}' }],
    ['no JSON', { status: 200, text: '<html>' }],
    ['nothing', { status: 200, text: '{}' }],
    ['an object', { status: 200, text: '{"result": {"p": true}}' }],
    ['too few decisions', { status: 200, text: '{"result": []}' }],
  ])('that gives %s fails, and nothing is kept of it', async (_, answer) => {
    const { endpoint, asked } = bench(() => answer);
    await expect(endpoint.decide([question('p')], asker(), 100)).rejects.toBeInstanceOf(Error);
    await expect(endpoint.decide([question('p')], asker(), 100)).rejects.toBeInstanceOf(Error);
    expect(asked).toHaveLength(2);
  });

  it('that cannot be reached says no', async () => {
    const url = 'http://127.0.0.1:1/';
    const { execute } = start({ authorization: { policies: { endpoint: { url } } } });
    expect(await execute('{ open staff }')).toMatchObject({
      data: { open: 4, staff: null },
      errors: [{ path: ['staff'] }],
    });
  });
});
