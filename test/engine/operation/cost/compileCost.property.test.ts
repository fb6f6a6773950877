import fc from 'fast-check';
import { Kind, buildSchema, getVariableValues, parse, validate } from 'graphql';
import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { describe, expect, test } from 'vitest';

import { readSchemaNames } from '../../../../src/engine/operation/canonicalKeys.js';
import { compileCost } from '../../../../src/engine/operation/cost/compileCost.js';
import { CostTable } from '../../../../src/engine/operation/cost/CostTable.js';
import { normalise } from '../../../../src/engine/operation/normalise.js';
import type { Condition } from '../../../../src/engine/operation/Operation.js';
import { compileVariables } from '../../../../src/engine/operation/variables.js';
import type { CostRules } from '../../../../src/supergraph/model/CostRules.js';
import type { OperationSpec } from '../../../differential/generate/OperationSpec.js';
import { arbitraryOperation } from '../../../differential/generate/arbitraryOperation.js';
import { printOperation } from '../../../differential/generate/printOperation.js';
import { naiveCost } from '../../../support/cost/naiveCost.js';
import { randomRules, randomSchema } from '../../../support/cost/randomCosts.js';
import { random } from '../../../support/random.js';

const POOLS = { S: ['x', 1], Int: [0, 1, 2, 5, -1] };
const LIST_SIZE = 3;

interface Case {
  readonly schema: GraphQLSchema;
  readonly rules: CostRules;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const schemas = Array.from({ length: 12 }, (_, seed) => {
  const schema = randomSchema(random(seed));
  return { schema, operations: arbitraryOperation(schema, POOLS) };
});

/** A random schema with a random price list, and an operation on it. */
const cases: fc.Arbitrary<Case> = fc
  .tuple(fc.constantFrom(...schemas), fc.nat())
  .chain(([{ schema, operations }, seed]) =>
    fc.tuple(operations, fc.constantFrom('free', 'strict', 'one name')).map(([spec, naming]) => ({
      schema,
      rules: randomRules(schema, random(seed)),
      ...printed(spec, schema, naming),
    })),
  );

function printed(spec: OperationSpec, schema: GraphQLSchema, naming: 'free' | 'strict' | 'one name') {
  const operation = printOperation(spec, schema, naming);
  return validate(schema, parse(operation.query)).length === 0 ? operation : printOperation(spec, schema, 'strict');
}

interface Costs {
  readonly naive: number;
  readonly exact: number;
  /** As when the document has more places than are told apart. */
  readonly loose: number;
}

function costsOf({ schema, rules, query, variables }: Case, listSize = LIST_SIZE): Costs {
  const document = parse(query);
  // Rare even when printed strictly: a field that has the alias `__typename`, beside `__typename`.
  fc.pre(validate(schema, document).length === 0);
  const definition = document.definitions.find(
    (node) => node.kind === Kind.OPERATION_DEFINITION,
  ) as OperationDefinitionNode;
  const { coerced } = getVariableValues(schema, definition.variableDefinitions ?? [], variables);
  const ours = compileVariables(definition.variableDefinitions ?? [], schema)(variables);
  if (coerced === undefined || 'errors' in ours) return fc.pre(false) as never;
  const operation = normalise(document, definition, schema, readSchemaNames(schema));
  const table = new CostTable(schema, rules, { listSize });
  const includes = (condition: Condition): boolean =>
    condition.every(({ variable, include }) => (ours.values[variable] === true) === include);
  const points = (maxSteps?: number): number => compileCost(operation, table, includes, maxSteps).points(ours.values);
  return { naive: naiveCost(schema, document, rules, coerced, listSize), exact: points(), loose: points(0) };
}

describe('the cost of an operation', () => {
  test('is what visiting every place of the answer adds up to, on random schemas and operations', () => {
    fc.assert(
      fc.property(cases, (each) => {
        const { naive, exact } = costsOf(each);
        expect(exact).toBe(naive);
      }),
      { numRuns: 400 },
    );
  });

  test('is never less than that when places are no longer told apart', () => {
    fc.assert(
      fc.property(cases, (each) => {
        const { naive, loose } = costsOf(each);
        expect(loose).toBeGreaterThanOrEqual(naive);
      }),
      { numRuns: 300 },
    );
  });

  test('is never less than that when a field that makes the answer cheaper is written twice', () => {
    const schema = buildSchema('type Query { c: T } type T { x: Int y: Int }');
    const rules = {
      weights: new Map([
        ['T', -2],
        ['T.x', 5],
        ['T.y', 5],
      ]),
      listSizes: new Map(),
    };
    const { naive, loose } = costsOf({ schema, rules, query: '{ c { x } c { y } }', variables: {} });
    expect({ naive, loose }).toEqual({ naive: 8, loose: 10 });
  });

  test('never falls when lists are assumed to be longer', () => {
    fc.assert(
      fc.property(cases, fc.nat(5), fc.nat(5), (each, size, more) => {
        expect(costsOf(each, size + more).exact).toBeGreaterThanOrEqual(costsOf(each, size).exact);
      }),
      { numRuns: 150 },
    );
  });
});
