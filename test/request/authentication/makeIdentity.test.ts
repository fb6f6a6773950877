import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { identityFrom, makeIdentity, readScopes } from '../../../src/request/authentication/makeIdentity.js';
import { anonymous, claimAt } from '../../../src/request/Identity.js';

describe('scopes (TOK-20)', () => {
  test.each<[unknown, readonly string[]]>([
    ['a b', ['a', 'b']],
    [' a  b ', ['a', 'b']],
    ['a', ['a']],
    ['', []],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [[], []],
    ['Read read', ['Read', 'read']],
    [{}, []],
    [{ 0: 'a', length: 1 }, []],
    [['a b'], []],
    [['a', 1], []],
    [['a', ['b']], []],
    [['a', ''], []],
    [1, []],
    [true, []],
    [null, []],
    [undefined, []],
    ['a"b', []],
    ['a\tb', []],
  ])('%j gives %j', (claim, scopes) => {
    expect(readScopes(claim)).toEqual(scopes);
  });

  test('come from the configured claim alone', () => {
    const claims = { scope: 'admin', permissions: ['read'], realm: { roles: ['editor'] } };
    const scopesOf = (scopeClaim: string): string[] => [
      ...identityFrom('jwt', undefined, claims, { subjectClaim: 'sub', scopeClaim }).scopes,
    ];
    expect([scopesOf('permissions'), scopesOf('/realm/roles'), scopesOf('missing'), scopesOf('toString')]).toEqual([
      ['read'],
      ['editor'],
      [],
      [],
    ]);
  });
});

test.each<[unknown, string | undefined]>([
  ['ada', 'ada'],
  [42, '42'],
  [0, '0'],
  ['', undefined],
  [4.5, undefined],
  [2 ** 60, undefined],
  [true, undefined],
  [null, undefined],
  [['ada'], undefined],
  [{ toString: 'ada' }, undefined],
])('the claim %j is the subject %j', (uid, subject) => {
  const names = { subjectClaim: 'uid', scopeClaim: 'scope' };
  expect(identityFrom('jwt', undefined, { uid }, names).subject).toBe(subject);
});

describe('an identity', () => {
  const facts = {
    kind: 'jwt',
    subject: 'ada',
    issuer: 'i',
    scopes: ['a'],
    plan: undefined,
    tenant: undefined,
  } as const;

  test('is frozen all the way down, and its claims have no prototype', () => {
    const identity = makeIdentity({
      ...facts,
      claims: JSON.parse('{"__proto__":{"admin":true},"a":[{"b":1}]}') as object as Record<string, unknown>,
    });
    expect(Object.isFrozen(identity)).toBe(true);
    // Identities are remembered: a policy that adds a scope to one would add it for good.
    for (const scopes of [identity.scopes, anonymous.scopes] as Array<Set<string>>)
      for (const change of [() => scopes.add('root'), () => scopes.delete('a'), () => scopes.clear()])
        expect(change).toThrow('cannot be changed');
    expect([[...identity.scopes], [...anonymous.scopes]]).toEqual([['a'], []]);
    expect(Object.getPrototypeOf(identity.claims)).toBe(null);
    expect(Object.isFrozen((identity.claims['a'] as object[])[0])).toBe(true);
    expect(claimAt(identity.claims, 'admin')).toBe(undefined);
    expect(claimAt(identity.claims, 'constructor')).toBe(undefined);
    expect(claimAt(identity.claims, '/a/0/b')).toBe(1);
    expect(claimAt(identity.claims, '/a/length/x')).toBe(undefined);
  });

  test('has the key of another exactly when nothing differs that could shape an answer', () => {
    const json = fc.record({
      subject: fc.constantFrom('a', 'b'),
      issuer: fc.constantFrom('i', 'j'),
      scopes: fc.subarray(['x', 'y']),
      plan: fc.option(fc.constantFrom('p', 'q'), { nil: undefined }),
      claims: fc.dictionary(fc.constantFrom('c', 'd', '__proto__'), fc.integer({ min: 0, max: 1 })),
    });
    fc.assert(
      fc.property(json, json, (one, two) => {
        const [a, b] = [one, two].map((each) => makeIdentity({ kind: 'jwt', tenant: undefined, ...each }));
        expect(a!.key === b!.key).toBe(
          JSON.stringify([one.subject, one.issuer, one.scopes, one.plan ?? null, one.claims]) ===
            JSON.stringify([two.subject, two.issuer, two.scopes, two.plan ?? null, two.claims]),
        );
      }),
    );
  });

  test('is refused when its claims are nested without end', () => {
    const claims = JSON.parse(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`) as Record<string, unknown>;
    expect(() => makeIdentity({ ...facts, claims })).toThrow('nested too deeply');
  });
});
