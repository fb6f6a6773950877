import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { RequestContext } from '../../../src/request/context.js';
import { anonymous } from '../../../src/request/Identity.js';
import { compileRouting } from '../../../src/request/routing/compileRouting.js';
import { readCookie } from '../../../src/request/routing/readCookie.js';
import type { AffinitySource, RequestMatch, RoutingRule } from '../../../src/request/routing/RoutingRule.js';
import { makeContext } from '../../support/requestContext.js';

interface Asked {
  readonly headers?: Record<string, string>;
  readonly claims?: Record<string, unknown>;
  readonly subject?: string;
  readonly operationName?: string;
  readonly url?: string;
  readonly clientIp?: string;
  readonly random?: () => number;
}

function contextOf({ headers = {}, claims = {}, subject, url = '/graphql', clientIp }: Asked): RequestContext {
  const own = Object.assign(Object.create(null) as Record<string, unknown>, claims);
  const identity =
    subject === undefined && Object.keys(claims).length === 0
      ? anonymous
      : { ...anonymous, kind: 'jwt' as const, subject, claims: own, key: `key of ${subject} ${Math.random()}` };
  return makeContext({ header: (name) => headers[name], identity, url, clientIp });
}

function groupFor(rules: readonly RoutingRule[], asked: Asked, subgraph = 'products'): string | undefined {
  const route = compileRouting(new Map([[subgraph, { rules }]]), asked.random ?? (() => 0.5))!;
  return route({ context: contextOf(asked), operationName: asked.operationName }).routeFor(subgraph)!.group;
}

const matching = (match: RequestMatch): RoutingRule[] => [{ match, group: 'canary' }];

describe('a rule', () => {
  it.each<[string, RequestMatch, Asked, boolean]>([
    ['header', { header: { name: 'x-canary' } }, { headers: { 'x-canary': '' } }, true],
    ['header', { header: { name: 'x-canary' } }, {}, false],
    ['header value', { header: { name: 'x-canary', value: '1' } }, { headers: { 'x-canary': '1' } }, true],
    ['header value', { header: { name: 'x-canary', value: '1' } }, { headers: { 'x-canary': '11' } }, false],
    ['cookie', { cookie: { name: 'beta', value: 'yes' } }, { headers: { cookie: 'a=b; beta=yes' } }, true],
    ['cookie', { cookie: { name: 'beta', value: 'yes' } }, { headers: { cookie: 'xbeta=yes' } }, false],
    ['claim', { claim: { name: 'plan', value: 'beta' } }, { claims: { plan: 'beta' } }, true],
    ['claim in a list', { claim: { name: 'roles', value: 'beta' } }, { claims: { roles: ['a', 'beta'] } }, true],
    ['claim that is a number', { claim: { name: 'age', value: '7' } }, { claims: { age: 7 } }, true],
    ['claim', { claim: { name: 'plan' } }, { claims: { other: 1 } }, false],
    ['claim of the prototype', { claim: { name: 'constructor' } }, { claims: { plan: 'beta' } }, false],
    ['operation name', { operations: ['A', 'B'] }, { operationName: 'B' }, true],
    ['operation name', { operations: ['A', 'B'] }, {}, false],
    ['path', { path: '/next' }, { url: '/next?a=b' }, true],
    ['path', { path: '/next' }, { url: '/next/x' }, false],
    ['query', { query: { name: 'version', value: '2' } }, { url: '/graphql?a=1&version=2' }, true],
    ['query', { query: { name: 'version' } }, { url: '/graphql' }, false],
    [
      'all that is said',
      { header: { name: 'a' }, query: { name: 'b' } },
      { headers: { a: '1' }, url: '/graphql?b' },
      true,
    ],
    ['all that is said', { header: { name: 'a' }, query: { name: 'b' } }, { headers: { a: '1' } }, false],
  ])('goes by the %s (%j, %j): %s', (_title, match, asked, expected) => {
    expect(groupFor(matching(match), asked)).toBe(expected ? 'canary' : undefined);
  });

  it('that stands first decides', () => {
    const rules: RoutingRule[] = [{ match: { header: { name: 'a' } }, group: 'one' }, { group: 'two' }];
    expect(groupFor(rules, { headers: { a: '' } })).toBe('one');
    expect(groupFor(rules, {})).toBe('two');
  });
});

describe('a split', () => {
  const people = Array.from({ length: 4000 }, (_, index) => `person-${index}`);
  const chosen = (canary: number, subgraph?: string): Set<string> =>
    new Set(people.filter((subject) => groupFor([{ split: { canary } }], { subject }, subgraph) === 'canary'));

  it('takes its percentage of people', () => {
    for (const percent of [1, 10, 50]) {
      expect(chosen(percent).size / people.length).toBeGreaterThan((percent / 100) * 0.7);
      expect(chosen(percent).size / people.length).toBeLessThan((percent / 100) * 1.3);
    }
    expect(chosen(0).size).toBe(0);
    expect(chosen(100).size).toBe(people.length);
  });

  it('keeps everybody whom a smaller percentage had taken', () => {
    const [few, more] = [chosen(10), chosen(30)];
    expect([...few].filter((person) => !more.has(person))).toEqual([]);
  });

  it('takes other people for other subgraphs', () => {
    const [here, there] = [chosen(50), chosen(50, 'reviews')];
    const both = [...here].filter((person) => there.has(person)).length;
    expect(both / people.length).toBeGreaterThan(0.2);
    expect(both / people.length).toBeLessThan(0.3);
  });

  it('between several groups gives each its own people', () => {
    const rules: RoutingRule[] = [{ split: { a: 20, b: 30 } }];
    const counts = new Map<string | undefined, number>();
    for (const subject of people) {
      const group = groupFor(rules, { subject });
      counts.set(group, (counts.get(group) ?? 0) + 1 / people.length);
    }
    for (const [group, share] of [
      ['a', 0.2],
      ['b', 0.3],
      [undefined, 0.5],
    ] as const) {
      expect(counts.get(group)).toBeGreaterThan(share * 0.85);
      expect(counts.get(group)).toBeLessThan(share * 1.15);
    }
  });

  it('keeps one person in one group: by subject whatever the token, by address when anonymous', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.ipV4(), fc.ipV4(), (subject, one, other) => {
        const rules: RoutingRule[] = [{ split: { canary: 50 } }];
        const first = groupFor(rules, { subject, clientIp: one, claims: { jti: '1' } });
        expect(groupFor(rules, { subject, clientIp: other, claims: { jti: '2' } })).toBe(first);
        const random = (): number => expect.fail('rolled');
        expect(groupFor(rules, { clientIp: one, random })).toBe(groupFor(rules, { clientIp: one, random }));
      }),
    );
  });

  it('rolls for a request that nothing is known of', () => {
    const rules: RoutingRule[] = [{ split: { canary: 10 } }];
    expect(groupFor(rules, { random: () => 0.09 })).toBe('canary');
    expect(groupFor(rules, { random: () => 0.11 })).toBeUndefined();
  });
});

describe('the routes of a request', () => {
  const rules = matching({ header: { name: 'x-canary' } });

  it('have equal keys exactly when all decisions are equal', () => {
    const route = compileRouting(
      new Map([
        ['a', { rules }],
        ['b', { rules: [{ match: { header: { name: 'x-b' } }, group: 'canary' }] }],
      ]),
    )!;
    const key = (headers: Record<string, string>): string =>
      route({ context: contextOf({ headers }), operationName: undefined }).key;
    expect(key({})).toBe(key({ other: '1' }));
    expect(
      new Set([key({}), key({ 'x-canary': '' }), key({ 'x-b': '' }), key({ 'x-canary': '', 'x-b': '' })]).size,
    ).toBe(4);
    expect(key({ 'x-canary': '1' })).toBe(key({ 'x-canary': '2' }));
  });

  it('exist for subgraphs with rules only, and there is nothing to do without any', () => {
    expect(compileRouting(new Map([['a', { rules: [] }]]))).toBeUndefined();
    const route = compileRouting(new Map([['a', { rules }]]))!;
    expect(route({ context: contextOf({}), operationName: undefined }).routeFor('__proto__')).toBeUndefined();
  });

  const affinity = (source: AffinitySource, context: RequestContext): string | undefined =>
    compileRouting(new Map([['a', { rules: [], affinity: source }]]))!({ context, operationName: undefined }).routeFor(
      'a',
    )!.affinity;

  it('carry the affinity of the client', () => {
    expect(affinity({ kind: 'ip' }, contextOf({ clientIp: '10.0.0.1' }))).toBe('10.0.0.1');
    expect(affinity({ kind: 'header', name: 'x-s' }, contextOf({ headers: { 'x-s': 'v' } }))).toBe('v');
    expect(affinity({ kind: 'header', name: 'x-s' }, contextOf({}))).toBeUndefined();
  });

  it('give a client without the cookie one, once, and go by it', () => {
    const context = contextOf({});
    const route = compileRouting(
      new Map([
        ['a', { rules: [], affinity: { kind: 'cookie', name: 'sticky' } as const }],
        ['b', { rules: [], affinity: { kind: 'cookie', name: 'sticky' } as const }],
      ]),
    )!({ context, operationName: undefined });
    expect(context.answerHeaders).toEqual([]);
    const { affinity: issued } = route.routeFor('a')!;
    expect(route.routeFor('a')!.affinity).toBe(issued);
    expect(route.routeFor('b')!.affinity).toBe(issued);
    expect(context.answerHeaders).toEqual([['set-cookie', `sticky=${issued}; Path=/; HttpOnly; SameSite=Lax`]]);
    const again = contextOf({ headers: { cookie: `sticky=${issued}` } });
    expect(affinity({ kind: 'cookie', name: 'sticky' }, again)).toBe(issued);
    expect(again.answerHeaders).toEqual([]);
  });
});

describe('readCookie', () => {
  it.each([
    ['a=1; b=2', 'b', '2'],
    ['a=1;b=2=3', 'b', '2=3'],
    ['b', 'b', undefined],
    ['bb=1', 'b', undefined],
    ['b=1; b=2', 'b', '1'],
    [undefined, 'b', undefined],
  ])('of %j, %s: %j', (header, name, value) => {
    expect(readCookie(header, name)).toBe(value);
  });
});
