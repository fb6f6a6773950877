import { Kind, parse, print } from 'graphql';
import type { FieldNode, FragmentDefinitionNode, OperationDefinitionNode } from 'graphql';

import type { SubgraphOperation } from '../../upstream/SubgraphClient.js';
import type { FetchNode } from '../plan/nodes.js';

import { Shape } from './Shape.js';

/** The sub-request of one fetch node, taken apart. */
export interface ParsedFetch {
  readonly definition: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

export function parseFetch(fetch: FetchNode): ParsedFetch {
  const document = parse(fetch.operation, { noLocation: true });
  const definition = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (definition === undefined) throw new Error('A fetch without an operation');
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  return { definition, fragments };
}

/** The sub-request of a fetch, ready to send. */
export function subgraphOperation(
  kind: 'query' | 'mutation',
  name: string | undefined,
  text: string,
): SubgraphOperation {
  const operationName = name === undefined ? '' : `,"operationName":${JSON.stringify(name)}`;
  return { kind, name, text, bodyHead: `{"query":${JSON.stringify(text)}${operationName}` };
}

/** The `_entities` field of an entity fetch. */
export function entitiesField({ definition }: ParsedFetch): FieldNode {
  const field = definition.selectionSet.selections[0];
  if (field?.kind !== Kind.FIELD || field.name.value !== '_entities')
    throw new Error('An entity fetch without _entities');
  return field;
}

/** What an entity fetch selects, printed: two fetches with equal texts are one selection. */
export function selectionText(parsed: ParsedFetch): string {
  let text = print(entitiesField(parsed).selectionSet!);
  for (const fragment of parsed.fragments.values()) text += print(fragment);
  return text;
}

export function shapeOf(parsed: ParsedFetch, isCertain: boolean): Shape {
  const shape = new Shape();
  shape.add(parsed.definition.selectionSet, parsed.fragments, isCertain);
  return shape;
}

/** One `_entities` field of a joint sub-request. */
export interface JointMember {
  readonly fetch: FetchNode;
  readonly parsed: ParsedFetch;
}

export interface JointRequest {
  readonly operation: SubgraphOperation;
  /** Response name of each member's list. */
  readonly aliases: readonly string[];
  /** Variable name of each member's representations. */
  readonly representations: readonly string[];
}

/**
 * One sub-request for several entity selections: an aliased `_entities` field each, with representations of its own.
 *
 * A single selection keeps the planner's text. The joint text depends on the plan alone, so that subgraphs can cache its parse.
 */
export function joinEntities(members: readonly JointMember[], clientVariables: ReadonlySet<string>): JointRequest {
  const first = members[0]!;
  const name = first.fetch.operationName;
  if (members.length === 1) {
    return {
      operation: subgraphOperation('query', name, first.fetch.operation),
      aliases: ['_entities'],
      representations: ['representations'],
    };
  }
  const aliases = members.map((_, i) => `_${i}`);
  const representations = members.map((_, i) => freeName(`representations_${i}`, clientVariables));
  const variables = new Map<string, string>();
  let fields = '';
  members.forEach(({ parsed }, i) => {
    for (const variable of parsed.definition.variableDefinitions ?? []) {
      if (variable.variable.name.value !== 'representations')
        variables.set(variable.variable.name.value, print(variable));
    }
    fields += ` ${aliases[i]}: _entities(representations: $${representations[i]}) ${print(entitiesField(parsed).selectionSet!)}`;
  });
  const declared = [...representations.map((each) => `$${each}: [_Any!]!`), ...variables.values()].join(', ');
  const text = compact(`query${name === undefined ? '' : ` ${name}`}(${declared}) {${fields} }`);
  return { operation: subgraphOperation('query', name, text), aliases, representations };
}

/** Named fragments of two fetches could clash: such fetches travel alone (our planners write none). */
export function canJoin(parsed: ParsedFetch): boolean {
  return parsed.fragments.size === 0;
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  while (taken.has(free)) free += '_';
  return free;
}

/** Drops the printer's indentation (never inside strings: the printer puts none across lines but block strings, which are kept). */
function compact(text: string): string {
  return text.includes('"""') ? text : text.replaceAll(/\n\s*/g, ' ');
}
