import { expect, test } from 'vitest';

import { compileHeaders } from '../../../src/request/headers/compileHeaders.js';
import type { HeaderRule } from '../../../src/request/headers/HeaderRule.js';
import { makeIdentity } from '../../../src/request/authentication/makeIdentity.js';
import { anonymous } from '../../../src/request/Identity.js';
import type { Identity } from '../../../src/request/Identity.js';
import { makeContext } from '../../support/requestContext.js';

function someone(subject: string, claims: Record<string, unknown> = {}): Identity {
  const facts = { kind: 'jwt', issuer: 'i', scopes: ['a', 'b'], plan: 'pro', tenant: undefined } as const;
  return makeIdentity({ ...facts, subject, claims });
}

function forward(rules: readonly HeaderRule[], identity: Identity, client: Record<string, string> = {}) {
  const bySubgraph = new Map([['two', [{ insert: { name: 'x-two', fromIdentity: 'subject' } } as const]]]);
  const header = (name: string): string | undefined => client[name];
  const headerNames = (): string[] => Object.keys(client);
  return compileHeaders({ all: rules, bySubgraph })!(makeContext({ identity, header, headerNames }));
}

const USER: HeaderRule = { insert: { name: 'x-user-id', fromIdentity: 'subject' } };

test('two users never have the same sharing key where a rule sends who they are (C1)', () => {
  const keys = [someone('ada'), someone('bob'), anonymous].map((identity) => forward([USER], identity).key);
  expect(new Set(keys).size).toBe(3);
  expect(forward([USER], someone('ada')).key).toBe(keys[0]);
});

test('a client header reaches an inserted name by no rule: not by name, pattern or renaming (TOK-22)', () => {
  const rules: HeaderRule[] = [
    USER,
    { propagate: { named: 'x-user-id' } },
    { propagate: { matching: 'x-.*' } },
    { propagate: { named: 'x-mine', rename: 'x-user-id' } },
  ];
  const client = { 'x-user-id': 'root', 'x-mine': 'root', 'x-two': 'root' };
  expect(Object.fromEntries(forward(rules, anonymous, client).headersFor('one'))).toEqual({ 'x-mine': 'root' });
  expect(Object.fromEntries(forward(rules, someone('ada'), client).headersFor('two'))).toEqual({
    'x-mine': 'root',
    'x-user-id': 'ada',
    'x-two': 'ada',
  });
});

test.each<[unknown, string | undefined]>([
  ['a', 'a'],
  [7, '7'],
  [true, 'true'],
  [['a', 'b', 1], 'a,b,1'],
  [['a,b'], undefined],
  [[['a']], undefined],
  [{ a: 1 }, undefined],
  ['a\r\nx-admin: 1', undefined],
  ['\u010d\u010a', undefined],
  [' a', undefined],
  ['', undefined],
  ['x'.repeat(9000), undefined],
])('the claim %j becomes the header %j', (claim, value) => {
  const rule: HeaderRule = { insert: { name: 'x-claim', fromClaim: '/a/b', prefix: 'P' } };
  const sent = Object.fromEntries(forward([rule], someone('ada', { a: { b: claim } })).headersFor('one'));
  expect(sent['x-claim']).toBe(value === undefined ? undefined : `P ${value}`);
});

test('a fixed value stands in where the identity says nothing', () => {
  const rules: HeaderRule[] = [{ insert: { name: 'x-user-id', value: 'nobody' } }, USER];
  expect(forward(rules, anonymous).headersFor('one')).toEqual([['x-user-id', 'nobody']]);
  expect(forward(rules, someone('ada')).headersFor('one')).toEqual([['x-user-id', 'ada']]);
});

test('a name that servers take for an inserted one is as good as that name (TOK-22)', () => {
  const rules: HeaderRule[] = [
    { propagate: { matching: 'x.*' } },
    { propagate: { named: 'x_user_id' } },
    { propagate: { named: 'x-mine', rename: 'X_User-Id'.toLowerCase() } },
    USER,
  ];
  const forged = { x_user_id: 'root', 'x-user_id': 'root', 'x.user.id': 'root', 'x-mine': 'a', x_other: 'b' };
  expect(Object.fromEntries(forward(rules, anonymous, forged).headersFor('one'))).toEqual({
    'x-mine': 'a',
    x_other: 'b',
  });
});

test('no pattern hands on what somebody is known by, however it is written', () => {
  const sensitive = new Set(['x-api-key']);
  const headers = { 'x-api-key': 'k', x_api_key: 'k', 'x-trace': 't' };
  const source = makeContext({ header: (name) => headers[name as 'x-trace'], headerNames: () => Object.keys(headers) });
  const all = [{ propagate: { matching: 'x.*' } }];
  expect(compileHeaders({ all, bySubgraph: new Map(), sensitive })!(source).headersFor('one')).toEqual([
    ['x-trace', 't'],
  ]);
});
