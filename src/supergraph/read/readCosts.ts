import { Kind, parse } from 'graphql';
import type { ConstDirectiveNode, ConstValueNode, DocumentNode, SelectionSetNode } from 'graphql';

import type { ListSizeRule } from '../model/CostRules.js';
import { argument, specDirectives } from './specDirectives.js';

/** What is found of `@cost` and `@listSize`, as JSON. */
export interface CostFacts {
  readonly weights: ReadonlyArray<readonly [coordinate: string, weight: number]>;
  readonly listSizes: ReadonlyArray<readonly [coordinate: string, rule: ListSizeRule]>;
}

/** Subgraphs link the directives by their own specification or by federation's, and composition may carry either link. */
const SPECIFICATIONS = ['specs.apollo.dev/cost', 'specs.apollo.dev/federation'];
const DIRECTIVES = ['cost', 'listSize'];
const MAX_WEIGHT = 1e9;
const PATH = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;

/**
 * The `@cost`s and `@listSize`s of a supergraph. Where one stands several times at one place (carried for several subgraphs), it is merged
 * as composition does it: the largest weight and assumed size, all arguments and fields, one slicing argument required where all require it.
 *
 * Errors: a message with the coordinate for an argument that makes no sense.
 * Source: Apollo's cost v0.1, after IBM's GraphQL Cost Directive specification.
 */
export function readCosts(document: DocumentNode): CostFacts {
  const picks = SPECIFICATIONS.map((identity) => specDirectives(document, identity, DIRECTIVES));
  const weights = new Map<string, number>();
  const listSizes = new Map<string, ListSizeRule>();
  const read = (coordinate: string, directives: readonly ConstDirectiveNode[] | undefined): void => {
    if (directives === undefined || directives.length === 0) return;
    for (const [name, directive] of picks.flatMap((pick) => pick(directives))) {
      if (name === 'cost') {
        const weight = readWeight(directive, coordinate);
        weights.set(coordinate, Math.max(weights.get(coordinate) ?? weight, weight));
      } else {
        const known = listSizes.get(coordinate);
        const rule = readListSize(directive, coordinate);
        listSizes.set(coordinate, known === undefined ? rule : merge(known, rule));
      }
    }
  };
  for (const node of document.definitions) {
    if (!('name' in node) || node.name === undefined || !('directives' in node)) continue;
    const type = node.name.value;
    if (node.kind.endsWith('TypeDefinition')) read(type, node.directives as readonly ConstDirectiveNode[]);
    if (!('fields' in node)) continue;
    for (const field of node.fields ?? []) {
      const coordinate = `${type}.${field.name.value}`;
      read(coordinate, field.directives);
      if (field.kind !== Kind.FIELD_DEFINITION) continue;
      for (const each of field.arguments ?? []) read(`${coordinate}(${each.name.value}:)`, each.directives);
    }
  }
  return { weights: [...weights], listSizes: [...listSizes] };
}

/** Apollo's weights are whole numbers, IBM's are texts. */
function readWeight(directive: ConstDirectiveNode, coordinate: string): number {
  const value = argument(directive, 'weight');
  const isNumber = value?.kind === Kind.INT || value?.kind === Kind.FLOAT || value?.kind === Kind.STRING;
  const weight = isNumber && value.value.trim() !== '' ? Number(value.value) : Number.NaN;
  if (!(Math.abs(weight) <= MAX_WEIGHT)) fail(directive, coordinate, 'weight', `must be a number up to ${MAX_WEIGHT}`);
  return weight;
}

function readListSize(directive: ConstDirectiveNode, coordinate: string): ListSizeRule {
  const assumed = present(argument(directive, 'assumedSize'));
  const assumedSize =
    assumed === undefined ? undefined : assumed.kind === Kind.INT ? Number(assumed.value) : Number.NaN;
  if (assumedSize !== undefined && !(assumedSize >= 0))
    fail(directive, coordinate, 'assumedSize', 'must be a whole number from 0');
  const requires = present(argument(directive, 'requireOneSlicingArgument'));
  if (requires !== undefined && requires.kind !== Kind.BOOLEAN)
    fail(directive, coordinate, 'requireOneSlicingArgument', 'must be true or false');
  const slicingArguments = texts(directive, coordinate, 'slicingArguments').map((text) =>
    PATH.test(text)
      ? text.split('.')
      : fail(directive, coordinate, 'slicingArguments', 'must be names of arguments, or paths into them'),
  );
  return {
    assumedSize,
    slicingArguments,
    sizedFields: texts(directive, coordinate, 'sizedFields').flatMap(
      (text) =>
        pathsOf(text) ?? fail(directive, coordinate, 'sizedFields', 'must be names of fields, or paths to them'),
    ),
    requireOneSlicingArgument: requires?.value ?? true,
  };
}

function merge(one: ListSizeRule, other: ListSizeRule): ListSizeRule {
  return {
    assumedSize: largest(one.assumedSize, other.assumedSize),
    slicingArguments: union(one.slicingArguments, other.slicingArguments),
    sizedFields: union(one.sizedFields, other.sizedFields),
    requireOneSlicingArgument: one.requireOneSlicingArgument && other.requireOneSlicingArgument,
  };
}

function largest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined ? other : Math.max(one, other ?? one);
}

function union(
  one: ReadonlyArray<readonly string[]>,
  other: ReadonlyArray<readonly string[]>,
): ReadonlyArray<readonly string[]> {
  return [...new Map([...one, ...other].map((path) => [path.join('.'), path])).values()];
}

function present(value: ConstValueNode | undefined): ConstValueNode | undefined {
  return value?.kind === Kind.NULL ? undefined : value;
}

/** A text alone is a list of one. */
function texts(directive: ConstDirectiveNode, coordinate: string, name: string): readonly string[] {
  const value = present(argument(directive, name));
  if (value === undefined) return [];
  return (value.kind === Kind.LIST ? value.values : [value]).map((each) =>
    each.kind === Kind.STRING ? each.value : fail(directive, coordinate, name, 'must be a list of texts'),
  );
}

/** `items`, `page.items`, or a selection: `page { items edges }`. Undefined when it is none of them. */
function pathsOf(text: string): string[][] | undefined {
  if (PATH.test(text)) return [text.split('.')];
  try {
    const definition = parse(text.trimStart().startsWith('{') ? text : `{${text}}`, { noLocation: true })
      .definitions[0];
    if (definition?.kind !== Kind.OPERATION_DEFINITION) return undefined;
    return leavesOf(definition.selectionSet);
  } catch {
    return undefined;
  }
}

function leavesOf({ selections }: SelectionSetNode): string[][] | undefined {
  const paths: string[][] = [];
  for (const node of selections) {
    if (node.kind !== Kind.FIELD) return undefined;
    const below = node.selectionSet === undefined ? [[]] : leavesOf(node.selectionSet);
    if (below === undefined) return undefined;
    for (const path of below) paths.push([node.name.value, ...path]);
  }
  return paths;
}

function fail(directive: ConstDirectiveNode, coordinate: string, name: string, why: string): never {
  throw new Error(`@${directive.name.value} on ${coordinate}: ${name} ${why}`);
}
