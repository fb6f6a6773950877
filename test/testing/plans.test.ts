import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { createTestGateway } from '../../src/testing/createTestGateway.js';
import type { TestGateway } from '../../src/testing/TestGateway.js';

const subgraphs = {
  users: `
    type Query { me: User }
    type User @key(fields: "id") { id: ID! name: String! }`,
  mail: 'type User @key(fields: "id") { id: ID! email: String @requiresScopes(scopes: [["read:email"]]) }',
};
const QUERY = '{ me { name email } }';
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await createTestGateway({ subgraphs });
});
beforeEach(() => gateway.reset());
afterAll(() => gateway.close());

const clerk = () => gateway.as({ sub: 'ada', scopes: ['read:email'] });
const guest = () => gateway.as({ sub: 'ada' });
/** Whether each request, in the order of asking, executed a plan that asks the subgraph. */
const asked = (subgraph: string) => gateway.requests.map(({ plan }) => plan?.includes(`service: "${subgraph}"`));

it('the plan of a request is what was executed for it, whoever asked the same before', async () => {
  for (const one of [clerk(), guest(), clerk(), guest()]) await one.execute(QUERY);
  expect(asked('users')).toEqual([true, true, true, true]);
  expect(asked('mail')).toEqual([true, false, true, false]);
  expect(gateway.requests.map(({ calls }) => calls.length)).toEqual([2, 1, 2, 1]);
});

it('a request that shares an execution has the plan of that execution', async () => {
  gateway.subgraph('users').delay(20);
  await Promise.all([clerk().execute(QUERY), guest().execute(QUERY), guest().execute(QUERY)]);
  expect(gateway.requests.map(({ trace }) => trace?.sharedWith !== undefined)).toEqual([false, false, true]);
  expect(asked('mail')).toEqual([true, false, false]);
});

it('variables and conditions, which stay in a plan, do not part requests; another document does', async () => {
  const text = 'query ($mail: Boolean!) { me { name email @include(if: $mail) } }';
  for (const mail of [true, false]) await clerk().execute(text, { mail });
  await clerk().execute('{ me { name } }');
  const [first, second, third] = gateway.requests.map(({ plan }) => plan);
  expect(first).toContain('Include(if: $mail)');
  expect(second).toBe(first);
  expect(third).not.toContain('mail');
});

it('where nothing was executed there is no plan', async () => {
  await gateway.execute('{ nobody }');
  await gateway.fetch('/health');
  expect(gateway.requests.map(({ plan }) => plan)).toEqual([undefined, undefined]);
});
