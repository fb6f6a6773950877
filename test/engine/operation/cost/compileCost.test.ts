import { Kind, buildSchema, parse } from 'graphql';
import type { OperationDefinitionNode } from 'graphql';
import { describe, expect, test } from 'vitest';

import { readSchemaNames } from '../../../../src/engine/operation/canonicalKeys.js';
import { compileCost } from '../../../../src/engine/operation/cost/compileCost.js';
import { CostTable } from '../../../../src/engine/operation/cost/CostTable.js';
import { DEFAULT_LIMITS, checkLimits } from '../../../../src/engine/operation/limits.js';
import { normalise } from '../../../../src/engine/operation/normalise.js';
import type { CostRules } from '../../../../src/supergraph/model/CostRules.js';

const NO_RULES: CostRules = { weights: new Map(), listSizes: new Map() };

function pointsOf(sdl: string, text: string, rules: Partial<CostRules> = {}, maxSteps?: number): number {
  const schema = buildSchema(sdl);
  const document = parse(text);
  expect(checkLimits(document, { ...DEFAULT_LIMITS, maxDepth: 30 })).toBeUndefined();
  const definition = document.definitions.find(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  )!;
  const operation = normalise(document, definition, schema, readSchemaNames(schema));
  const table = new CostTable(schema, { ...NO_RULES, ...rules }, { listSize: 10 });
  return compileCost(operation, table, () => true, maxSteps).points({});
}

describe('hostile operations', () => {
  test('DOS-03: a document with more places than can be told apart is estimated all the same, and no lower', () => {
    // Each level has a part for each of 8 types and one for all of them: 8^12 different places.
    const types = Array.from({ length: 8 }, (_, index) => `T${index}`);
    const sdl = `interface N { n: N } ${types.map((name) => `type ${name} implements N { n: N }`).join(' ')} type Query { n: N }`;
    const nested = (depth: number, part: string): string =>
      depth === 0 ? '__typename' : `n { ${nested(depth - 1, part)} ${depth % 2 ? part : ''} }`;
    const parts = types.map((name) => `... on ${name} { n { n { n { ... on ${name} { n { __typename } } } } } }`);
    const text = `{ ${nested(12, parts.join(' '))} }`;
    const points = pointsOf(sdl, text);
    expect(points).toBe(pointsOf(sdl, text, {}, 0));
    expect(points).toBeGreaterThanOrEqual(12);
    expect(points).toBeLessThan(10_000);
  });

  test('names that objects inherit are names like others', () => {
    const sdl = 'type Query { __proto__: Query constructor(toString: Int): [Query] hasOwnProperty: Int }';
    const schemaless = pointsOf(sdl, '{ constructor(toString: 1) { hasOwnProperty constructor { hasOwnProperty } } }');
    expect(schemaless).toBe(10 + 100);
  });
});

describe('weights below 0', () => {
  const sdl = 'type Query { a(x: Int): [A] b: Int } type A { c: Int }';
  test('take from what stands with them, and never make anything cost less than nothing', () => {
    const weights = new Map([
      ['Query.a(x:)', -4],
      ['A.c', -1],
      ['Query.b', 7],
    ]);
    expect(pointsOf(sdl, '{ a { c } b }', { weights })).toBe(10 + 7);
    expect(pointsOf(sdl, '{ a(x: 1) { c } b }', { weights })).toBe(6 + 7);
    expect(pointsOf(sdl, '{ a(x: 1) { c } b }', { weights: new Map([...weights, ['Query.a(x:)', -400]]) })).toBe(7);
  });
});
