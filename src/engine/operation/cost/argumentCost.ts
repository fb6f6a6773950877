import { Kind, getNamedType, isInputObjectType, isListType, isNonNullType, valueFromAST, visit, BREAK } from 'graphql';
import type { ArgumentNode, GraphQLArgument, GraphQLInputType, ValueNode } from 'graphql';

import type { VariableValues } from '../variables.js';

import type { CostTable } from './CostTable.js';
import { bounded } from './points.js';

/** A number that is known, or how it is read. */
export type ArgumentCost = number | ((variables: VariableValues) => number);

/**
 * What one written argument costs: its weight once, else that of its scalar or enum type; 1 for each input object in it, or the weight of
 * the input field that holds it; and the weights of all input fields that are set. An argument without a value costs nothing.
 */
export function argumentCost(
  table: CostTable,
  { type }: GraphQLArgument,
  { value }: ArgumentNode,
  weight: number | undefined,
): ArgumentCost {
  const named = getNamedType(type);
  const hasParts = isInputObjectType(named);
  const flat = weight ?? table.weightOfType(named);
  if (!hasParts && flat === 0) return 0;
  const score = hasParts
    ? (given: unknown): number => scoreValue(table, given, type, weight)
    : (given: unknown): number => (given === null || given === undefined ? 0 : flat);
  return readArgument(value, type, score);
}

/** What is made of the value of an argument: now, where it is a constant; else from the variables. */
export function readArgument<Result>(
  node: ValueNode,
  type: GraphQLInputType,
  use: (value: unknown) => Result,
): Result | ((variables: VariableValues) => Result) {
  if (node.kind === Kind.VARIABLE) {
    const name = node.name.value;
    return (variables) => use(variables[name]);
  }
  // Nullable: a variable without a value inside makes nothing of the whole, and costs nothing.
  const nullable = isNonNullType(type) ? type.ofType : type;
  if (!holdsVariable(node)) return use(valueFromAST(node, nullable));
  return (variables) => use(valueFromAST(node, nullable, variables));
}

function holdsVariable(node: ValueNode): boolean {
  let holds = false;
  visit(node, {
    Variable: () => {
      holds = true;
      return BREAK;
    },
  });
  return holds;
}

/** @param value coerced; input objects nest at most as deep as coercion allows */
function scoreValue(table: CostTable, value: unknown, type: GraphQLInputType, weight: number | undefined): number {
  if (value === null || value === undefined) return 0;
  const nullable = isNonNullType(type) ? type.ofType : type;
  if (isListType(nullable)) {
    const item = nullable.ofType as GraphQLInputType;
    let total = weight ?? 0;
    for (const each of Array.isArray(value) ? value : [value]) total += scoreValue(table, each, item, undefined);
    return bounded(total);
  }
  if (!isInputObjectType(nullable)) return weight ?? table.weightOfType(nullable);
  let total = weight ?? 1;
  const fields = nullable.getFields();
  for (const [name, each] of Object.entries(value as Readonly<Record<string, unknown>>)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) continue;
    total += scoreValue(table, each, field.type, table.weightOfInputField(nullable.name, name));
  }
  return bounded(total);
}
