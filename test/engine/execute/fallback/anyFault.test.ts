import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';

import type { ErrorCode } from '../../../../src/base/errors/codes.js';
import { fallbackTrigger } from '../../../../src/base/errors/fallbackTrigger.js';
import type { FallbackTrigger } from '../../../../src/base/errors/fallbackTrigger.js';
import { PorticoError } from '../../../../src/base/errors/PorticoError.js';
import type { FallbackConfig } from '../../../../src/gateway/readFallbacks.js';
import { createTestGateway } from '../../../support/testGateway.js';
import type { TestCall } from '../../../support/testGateway.js';

/** What stands in for which field: a value, and when; a field that is not named is not covered. */
const RULES: Readonly<Record<string, { readonly value: number | null; readonly on: readonly FallbackTrigger[] }>> = {
  always: { value: 100, on: ['CIRCUIT_OPEN', 'TIMEOUT', 'ERROR'] },
  late: { value: 101, on: ['TIMEOUT'] },
  open: { value: 102, on: ['CIRCUIT_OPEN'] },
  broken: { value: 103, on: ['ERROR', 'TIMEOUT'] },
  nothing: { value: null, on: ['CIRCUIT_OPEN', 'TIMEOUT', 'ERROR'] },
  never: { value: 105, on: [] },
};
const FIELDS = [...Object.keys(RULES), 'bare', 'plain'];
const UPCS = ['1', '2', '3'];

/** How the subgraph behaves: it fails as a whole, or says an error at some fields of some entities. */
type Fault =
  | { readonly kind: 'whole'; readonly code: ErrorCode }
  | {
      readonly kind: 'fields';
      readonly at: ReadonlyArray<readonly [entity: number, field: string]>;
      readonly code: string;
    };

let fault: Fault = { kind: 'fields', at: [], code: '' };
/** What the subgraph says when all is well. */
const honest = (upc: unknown, field: string): number => Number(upc) * 10 + FIELDS.indexOf(field);

function answerPrices({ text, variables }: TestCall): object {
  if (fault.kind === 'whole') throw new PorticoError(fault.code, 'broken');
  const { at, code } = fault;
  const asked = FIELDS.filter((field) => new RegExp(`\\b${field}\\b`).test(text));
  const isFaulty = (entity: number, field: string): boolean => at.some(([i, name]) => i === entity && name === field);
  const entities = (variables['representations'] as Array<{ upc: string }>).map(({ upc }, i) =>
    Object.fromEntries(asked.map((field) => [field, isFaulty(i, field) ? null : honest(upc, field)])),
  );
  const errors = at
    .filter(([, field]) => asked.includes(field))
    .map(([i, field]) => ({ message: 'broken', path: ['_entities', i, field], extensions: { code } }));
  return { data: { _entities: entities }, ...(errors.length > 0 && { errors }) };
}

const gateway = createTestGateway({
  subgraphs: {
    catalog: {
      typeDefs: 'type Query { products: [Product] } type Product @key(fields: "upc") { upc: ID! }',
      answer: () => ({ data: { products: UPCS.map((upc) => ({ __typename: 'Product', upc })) } }),
    },
    prices: {
      typeDefs: `type Product @key(fields: "upc") { upc: ID! ${FIELDS.map((field) => `${field}: Int`).join(' ')} }`,
      answer: answerPrices,
    },
  },
  fallback: {
    coordinates: Object.fromEntries(Object.entries(RULES).map(([field, rule]) => [`Product.${field}`, rule])),
    subgraphs: {},
    maxSize: 1_000_000,
  } as unknown as FallbackConfig,
});
afterAll(() => gateway.close());

const whole = fc
  .constantFrom<ErrorCode>(
    'SUBGRAPH_TIMEOUT',
    'SUBGRAPH_CIRCUIT_OPEN',
    'OVERLOADED',
    'SUBGRAPH_RATE_LIMITED',
    'SUBREQUEST_HTTP_ERROR',
    'SUBREQUEST_MALFORMED_RESPONSE',
  )
  .map((code): Fault => ({ kind: 'whole', code }));
const places = fc.tuple(fc.nat(UPCS.length - 1), fc.constantFrom(...FIELDS));
const fields = fc
  .record({
    at: fc.uniqueArray(places, { selector: ([i, field]) => `${i} ${field}`, maxLength: 8 }),
    code: fc.constantFrom('BROKEN', 'FORBIDDEN', 'UNAUTHENTICATED'),
  })
  .map((given): Fault => ({ kind: 'fields', ...given }));
const selections = fc.uniqueArray(fc.constantFrom(...FIELDS), { minLength: 1 });

/** What falls back of a field for this entity: its rule, when the fault is one of those that it is for. */
function standIn(field: string, entity: number): (typeof RULES)[string] | 'whole' | 'null' {
  const rule = RULES[field];
  if (fault.kind === 'whole') return rule?.on.includes(fallbackTrigger(fault.code)!) === true ? rule : 'null';
  if (!fault.at.some(([i, name]) => i === entity && name === field)) return 'whole';
  return fault.code === 'BROKEN' && rule?.on.includes('ERROR') === true ? rule : 'null';
}

describe('whatever fails', () => {
  test('covered fields have their fallback, others their error, and extensions.degraded says exactly that', async () => {
    await fc.assert(
      fc.asyncProperty(selections, fc.boolean(), fc.oneof(whole, fields), async (asked, isTwice, how) => {
        fault = how;
        const again = isTwice ? asked.map((field) => `${field}2: ${field}`).join(' ') : '';
        const answer = await gateway.execute(`{ products { upc ${asked.join(' ')} ${again} } }`);
        const counts = new Map<string, number>();
        const failed: string[] = [];
        const products = UPCS.map((upc, entity) => {
          const product: Record<string, unknown> = { upc };
          for (const field of asked) {
            const stand = standIn(field, entity);
            let value: unknown = null;
            if (stand === 'whole') value = honest(upc, field);
            else if (stand === 'null') failed.push(`${entity}.${field}`);
            else {
              ({ value } = stand);
              counts.set(field, (counts.get(field) ?? 0) + 1);
            }
            product[field] = value;
            if (isTwice) product[`${field}2`] = value;
          }
          return product;
        });
        expect(answer.data).toEqual({ products });
        const reason = how.kind === 'whole' ? how.code : 'DOWNSTREAM_SERVICE_ERROR';
        const degraded = (answer.extensions?.['degraded'] ?? []) as ReadonlyArray<{ readonly coordinate: string }>;
        expect(degraded.toSorted((a, b) => a.coordinate.localeCompare(b.coordinate))).toEqual(
          [...counts]
            .map(([field, count]) => ({ coordinate: `Product.${field}`, reason, source: 'value', count }))
            .toSorted((a, b) => a.coordinate.localeCompare(b.coordinate)),
        );
        const told = answer.errors.map(({ path }) => `${path![1]}.${String(path![2]).replace('2', '')}`);
        expect(answer.errors.every(({ extensions }) => extensions['code'] === how.code)).toBe(true);
        if (how.kind === 'whole') {
          // One error for all that a failed call would have brought.
          expect(told).toHaveLength(Math.min(1, failed.length));
          expect(failed).toEqual(expect.arrayContaining(told));
        } else expect([...new Set(told)].sort()).toEqual(failed.sort());
      }),
      { numRuns: 200 },
    );
  });
});
