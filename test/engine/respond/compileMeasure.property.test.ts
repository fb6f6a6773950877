import fc from 'fast-check';
import {
  Kind,
  getNamedType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import type { GraphQLOutputType, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { describe, expect, test } from 'vitest';

import type { JsonObject } from '../../../src/engine/execute/json.js';
import { readSchemaNames } from '../../../src/engine/operation/canonicalKeys.js';
import { compileCost } from '../../../src/engine/operation/cost/compileCost.js';
import { CostTable } from '../../../src/engine/operation/cost/CostTable.js';
import { normalise } from '../../../src/engine/operation/normalise.js';
import type { Condition, Operation, Selection } from '../../../src/engine/operation/Operation.js';
import { compileVariables } from '../../../src/engine/operation/variables.js';
import { compileMeasure } from '../../../src/engine/respond/compileMeasure.js';
import { arbitraryOperation } from '../../differential/generate/arbitraryOperation.js';
import { printOperation } from '../../differential/generate/printOperation.js';
import { randomRules, randomSchema } from '../../support/cost/randomCosts.js';
import { random } from '../../support/random.js';
import { finishedRun } from '../../support/runPlan.js';

const LIST_SIZE = 3;
const schemas = Array.from({ length: 12 }, (_, seed) => {
  const schema = randomSchema(random(seed));
  return { schema, operations: arbitraryOperation(schema, { S: ['x'], Int: [0, 1, 2] }) };
});

/** An answer in the engine's names, lists as long as assumed or shorter, with nulls here and there. */
class AnswerMaker {
  readonly #schema: GraphQLSchema;
  readonly #next: () => number;

  constructor(schema: GraphQLSchema, next: () => number) {
    this.#schema = schema;
    this.#next = next;
  }

  value(type: GraphQLOutputType, lists: ReadonlyArray<readonly Selection[]>): unknown {
    const nullable = isNonNullType(type) ? type.ofType : type;
    if (nullable === type && this.#next() < 0.1) return null;
    if (isListType(nullable)) {
      const length = Math.floor(this.#next() * (LIST_SIZE + 1));
      return Array.from({ length }, () => this.value(nullable.ofType as GraphQLOutputType, lists));
    }
    const named = getNamedType(nullable);
    if (isLeafType(named)) return 1;
    const possible = isAbstractType(named) ? this.#schema.getPossibleTypes(named) : [named];
    const concrete = possible[Math.floor(this.#next() * possible.length)];
    return isObjectType(concrete) ? this.object(concrete.name, lists) : null;
  }

  object(typename: string, lists: ReadonlyArray<readonly Selection[]>): JsonObject {
    const type = this.#schema.getType(typename);
    if (!isObjectType(type)) throw new Error(typename);
    const found = new Map<string, { name: string; lists: Array<readonly Selection[]> }>();
    const walk = (selections: readonly Selection[]): void => {
      for (const each of selections) {
        if (each.kind === 'fragment') {
          const condition = each.typeCondition === undefined ? undefined : this.#schema.getType(each.typeCondition);
          const fits =
            condition === undefined ||
            condition === type ||
            (isAbstractType(condition) && this.#schema.isSubType(condition, type));
          if (fits) walk(each.selections);
          continue;
        }
        const known = found.get(each.key) ?? { name: each.name, lists: [] };
        found.set(each.key, known);
        if (each.selections !== undefined) known.lists.push(each.selections);
      }
    };
    lists.forEach(walk);
    const object: JsonObject = { __typename: typename };
    for (const [key, { name, lists: below }] of found) {
      const field = type.getFields()[name];
      if (field !== undefined) object[key] = this.value(field.type, below);
    }
    return object;
  }
}

describe('what an execution has cost', () => {
  test('is never more than estimated when no list is longer than assumed', () => {
    const cases = fc
      .constantFrom(...schemas)
      .chain(({ schema, operations }) =>
        fc.tuple(fc.constant(schema), operations, fc.nat(), fc.constantFrom('strict', 'one name')),
      );
    let positive = 0;
    fc.assert(
      fc.property(cases, ([schema, spec, seed, naming]) => {
        const next = random(seed);
        const { query, variables } = printOperation(spec, schema, naming);
        const document = parse(query);
        if (validate(schema, document).length > 0) return fc.pre(false);
        const definition = document.definitions.find(
          (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
        )!;
        const coerced = compileVariables(definition.variableDefinitions ?? [], schema)(variables);
        if ('errors' in coerced) return fc.pre(false);
        const { values } = coerced;
        // Discounts are for what is selected beside them, and null selects nothing.
        const weights = new Map(
          [...randomRules(schema, next).weights].map(([name, weight]) => [name, Math.abs(weight)]),
        );
        const table = new CostTable(schema, { weights, listSizes: new Map() }, { listSize: LIST_SIZE });
        const operation: Operation = normalise(document, definition, schema, readSchemaNames(schema));
        const includes = (condition: Condition): boolean =>
          condition.every(({ variable, include }) => (values[variable] === true) === include);
        const answer = new AnswerMaker(schema, next).object(operation.rootType, [operation.selections]);
        const measured = compileMeasure(operation, table, includes)(finishedRun(answer), values);
        expect(measured).toBeLessThanOrEqual(compileCost(operation, table, includes).points(values));
        if (measured > 0) positive++;
      }),
      { numRuns: 300 },
    );
    expect(positive).toBeGreaterThan(100);
  });
});
