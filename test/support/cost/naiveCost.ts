import { Kind, getArgumentValues, getDirectiveValues, GraphQLIncludeDirective, GraphQLSkipDirective } from 'graphql';
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLInputType,
  GraphQLInterfaceType,
  GraphQLObjectType,
  GraphQLOutputType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';

import type { CostRules } from '../../../src/supergraph/model/CostRules.js';

type FieldsType = GraphQLObjectType | GraphQLInterfaceType;
type Sizes = ReadonlyArray<readonly [path: readonly string[], size: number]>;

/** The specification word by word, over the document as the client wrote it: every place of the answer is visited. */
export function naiveCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  rules: CostRules,
  variables: Readonly<Record<string, unknown>>,
  listSize: number,
): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  let operation: OperationDefinitionNode | undefined;
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
    if (node.kind === Kind.OPERATION_DEFINITION) operation = node;
  }

  const collect = (sets: readonly SelectionSetNode[], type: FieldsType): Map<string, FieldNode[]> => {
    const fields = new Map<string, FieldNode[]>();
    const walk = (set: SelectionSetNode): void => {
      for (const node of set.selections) {
        if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] === true) continue;
        if (getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] === false) continue;
        if (node.kind === Kind.FIELD) {
          const name = (node.alias ?? node.name).value;
          fields.set(name, [...(fields.get(name) ?? []), node]);
          continue;
        }
        const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value)!;
        const condition = fragment.typeCondition && schema.getType(fragment.typeCondition.name.value);
        const fits =
          condition === undefined ||
          condition === type ||
          (isAbstractType(condition) && schema.isSubType(condition, type));
        if (fits) walk(fragment.selectionSet);
      }
    };
    sets.forEach(walk);
    return fields;
  };

  const lookUp = <Value>(table: ReadonlyMap<string, Value>, type: FieldsType, field: string): Value | undefined =>
    [type, ...type.getInterfaces()]
      .map(({ name }) => table.get(`${name}.${field}`))
      .find((value) => value !== undefined);

  const selections = (sets: readonly SelectionSetNode[], type: FieldsType, sizes: Sizes): number => {
    let total = 0;
    for (const nodes of collect(sets, type).values()) {
      const field = type.getFields()[nodes[0]!.name.value];
      if (field === undefined) continue;
      const node = nodes[0]!;
      const mine: Array<Sizes[number]> = sizes
        .filter(([[name]]) => name === field.name)
        .map(([path, size]) => [path.slice(1), size] as const);
      const rule = lookUp(rules.listSizes, type, field.name);
      let expected: number | undefined;
      if (rule !== undefined) {
        const given = getArgumentValues(field, node, variables);
        const found: number[] = [];
        for (const [name = '', ...path] of rule.slicingArguments) {
          for (const root of [given[name], field.args.find((each) => each.name === name)?.defaultValue]) {
            const value = path.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], root);
            if (typeof value === 'number') found.push(Math.max(0, value));
          }
        }
        expected = found.length > 0 ? Math.max(...found) : rule.assumedSize;
        if (expected === undefined && rule.slicingArguments.length > 0) expected = listSize;
        if (expected !== undefined) for (const path of rule.sizedFields) mine.push([path, expected] as const);
      }
      const own = mine.filter(([path], index) => path.length === 0 && index < mine.length).map(([, size]) => size);
      let items = 1;
      let outer = own.length > 0 ? Math.max(...own) : (expected ?? listSize);
      for (let each: GraphQLOutputType = field.type; ;) {
        if (isNonNullType(each)) each = each.ofType;
        if (!isListType(each)) break;
        items *= outer;
        outer = listSize;
        each = each.ofType as GraphQLOutputType;
      }
      const weight = lookUp(rules.weights, type, field.name);
      const named = getNamedType(field.type);
      const below = nodes.flatMap((each) => each.selectionSet ?? []);
      let each = weight ?? rules.weights.get(named.name) ?? (isCompositeType(named) ? 1 : 0);
      if (isCompositeType(named)) {
        const possible = isAbstractType(named) ? schema.getPossibleTypes(named) : [named as GraphQLObjectType];
        const costs = possible.map(
          (one) =>
            (weight ?? rules.weights.get(one.name) ?? 1) +
            selections(
              below,
              one,
              mine.filter(([path]) => path.length > 0),
            ),
        );
        if (costs.length > 0) each = Math.max(...costs);
      }
      let once = 0;
      const values = getArgumentValues(field, node, variables);
      for (const { name, value } of node.arguments ?? []) {
        const argument = field.args.find((one) => one.name === name.value)!;
        // A variable without a value leaves the default in place, which the client has not written.
        const isGiven = value.kind !== Kind.VARIABLE || Object.hasOwn(variables, value.name.value);
        if (isGiven)
          once += score(
            values[name.value],
            argument.type,
            rules.weights.get(`${type.name}.${field.name}(${name.value}:)`),
          );
      }
      total += Math.max(0, items * Math.max(0, each) + once);
    }
    return total;
  };

  const score = (value: unknown, type: GraphQLInputType, weight: number | undefined): number => {
    if (value === null || value === undefined) return 0;
    const nullable = isNonNullType(type) ? type.ofType : type;
    if (isListType(nullable)) {
      const items = Array.isArray(value) ? value : [value];
      return items.reduce<number>(
        (sum, item) => sum + score(item, nullable.ofType as GraphQLInputType, undefined),
        weight ?? 0,
      );
    }
    if (!isInputObjectType(nullable)) return weight ?? rules.weights.get(nullable.name) ?? 0;
    return Object.entries(value as object).reduce(
      (sum, [name, each]) =>
        sum + score(each, nullable.getFields()[name]!.type, rules.weights.get(`${nullable.name}.${name}`)),
      weight ?? 1,
    );
  };

  const root = schema.getRootType(operation!.operation)!;
  return (operation!.operation === 'mutation' ? 10 : 0) + selections([operation!.selectionSet], root, []);
}

/** Fields of object types and interfaces. */
export function fieldsTypes(schema: GraphQLSchema): FieldsType[] {
  return Object.values(schema.getTypeMap()).filter(
    (type): type is FieldsType => (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith('__'),
  );
}
