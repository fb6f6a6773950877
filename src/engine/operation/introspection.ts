import { Kind, executeSync, visit } from 'graphql';
import type {
  DefinitionNode,
  DocumentNode,
  FragmentDefinitionNode,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';

import type { VariableValues } from './variables.js';

/** Answers by the client's response names of the root fields. Shared between requests: never to be changed. */
export type IntrospectionData = Readonly<Record<string, unknown>>;

/**
 * @param document one operation that holds nothing but `__schema` and `__type` at the root (`Operation.introspection`)
 * @param values coerced variables
 * @throws GraphQLError when graphql-js refuses the document, which it never does with one that passed validation
 */
export type Introspect = (document: DocumentNode, values: VariableValues) => IntrospectionData;

/** Answers kept; one of a large schema is some megabytes. */
const MAX_KEPT = 20;
const MAX_KEY_CHARACTERS = 1000;

/**
 * Answers introspection from the API schema with graphql-js. Belongs to one supergraph generation.
 *
 * Answers are kept per document and per the variables that its introspection fields use, so that an introspection query is executed
 * once, whatever else the operation asks.
 */
export function createIntrospection(schema: GraphQLSchema): Introspect {
  const prepared = new WeakMap<DocumentNode, Prepared>();
  const kept = new LRUCache<string, IntrospectionData>({ max: MAX_KEPT });
  const ids = { next: 0 };
  return (document, values) => {
    let each = prepared.get(document);
    if (each === undefined) prepared.set(document, (each = prepare(document, ids.next++)));
    const key = keyOf(each, values);
    let answer = key === undefined ? undefined : kept.get(key);
    if (answer === undefined) {
      const { data, errors } = executeSync({ schema, document: each.document, variableValues: values });
      if (!data) throw errors?.[0] ?? new Error('Introspection gave no data');
      answer = data;
      if (key !== undefined) kept.set(key, answer);
    }
    return answer;
  };
}

interface Prepared {
  readonly id: number;
  /** Without the variables and fragments that introspection does not use. */
  readonly document: DocumentNode;
  readonly variables: readonly string[];
}

function prepare(document: DocumentNode, id: number): Prepared {
  const fragments = new Map<string, FragmentDefinitionNode>();
  let operation: OperationDefinitionNode | undefined;
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
    else if (node.kind === Kind.OPERATION_DEFINITION) operation ??= node;
  }
  if (operation === undefined) throw new Error('The introspection document holds no operation');

  const used = new Set<string>();
  const reached = new Map<string, FragmentDefinitionNode>();
  const pending: DefinitionNode[] = [{ ...operation, variableDefinitions: [] }];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    visit(node, {
      Variable: (variable) => void used.add(variable.name.value),
      FragmentSpread: ({ name }) => {
        const fragment = fragments.get(name.value);
        if (fragment === undefined || reached.has(name.value)) return;
        reached.set(name.value, fragment);
        pending.push(fragment);
      },
    });
  }
  const variableDefinitions = operation.variableDefinitions?.filter((each) => used.has(each.variable.name.value)) ?? [];
  return {
    id,
    document: { kind: Kind.DOCUMENT, definitions: [{ ...operation, variableDefinitions }, ...reached.values()] },
    variables: variableDefinitions.map((each) => each.variable.name.value),
  };
}

/** Undefined when the answer is not worth keeping. */
function keyOf({ id, variables }: Prepared, values: VariableValues): string | undefined {
  if (variables.length === 0) return String(id);
  const key = `${id} ${JSON.stringify(
    variables.map((name) => values[name] ?? null),
    writeBigInt,
  )}`;
  return key.length > MAX_KEY_CHARACTERS ? undefined : key;
}

function writeBigInt(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
