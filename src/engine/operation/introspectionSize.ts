import {
  Kind,
  getIntrospectionQuery,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isType,
  parse,
} from 'graphql';
import type { DocumentNode, FragmentDefinitionNode, GraphQLError, GraphQLSchema, SelectionSetNode } from 'graphql';

import { requestError } from './requestError.js';

/** An introspection may be this much larger than the standard query's answer on the same schema … */
const STANDARD_TIMES = 1.25;
/** … or this large, in any schema. */
const MIN_VALUES = 20_000;

const FULL_STANDARD_QUERY = parse(
  getIntrospectionQuery({
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  }),
);

/**
 * Refuses introspection whose answer would be far larger than that of the standard query. Depth limits alone do not help: two levels
 * of fields over 800 types are 19 MB, and graphql-js makes them in one go of 3 s.
 *
 * The answer is counted, not made: how often a selection set meets a type does not matter, it is counted once for each. Conditions,
 * `includeDeprecated: false` and the name of `__type` are not looked at, which counts a little too much.
 *
 * @returns the check, for documents that hold nothing but `__schema` and `__type` at the root and passed `checkLimits` and validation
 */
export function createIntrospectionLimit(schema: GraphQLSchema): (document: DocumentNode) => GraphQLError | undefined {
  let limit: number | undefined;
  return (document) => {
    limit ??= Math.max(MIN_VALUES, Math.ceil(STANDARD_TIMES * countValues(schema, FULL_STANDARD_QUERY, Infinity)));
    return countValues(schema, document, limit) > limit
      ? requestError(
          'MAX_INTROSPECTION_DEPTH_EXCEEDED',
          `The introspection asks for more than ${limit} values, ${STANDARD_TIMES} times the standard query`,
        )
      : undefined;
  };
}

/** @returns how many values the answer has; some number above `limit` when there are more */
function countValues(schema: GraphQLSchema, document: DocumentNode, limit: number): number {
  const count = new ValueCount(schema, document, limit);
  let values = 0;
  for (const node of document.definitions) {
    if (node.kind === Kind.OPERATION_DEFINITION) values += count.of(node.selectionSet, ROOT);
  }
  return values;
}

const ROOT = Object.freeze({});

class ValueCount {
  readonly #schema: GraphQLSchema;
  readonly #limit: number;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #known = new Map<SelectionSetNode, Map<object, number>>();
  #steps = 0;

  constructor(schema: GraphQLSchema, document: DocumentNode, limit: number) {
    this.#schema = schema;
    this.#limit = limit;
    for (const node of document.definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(node.name.value, node);
    }
  }

  /** Values in the answer of a selection set on one thing of the schema, the things below it included. */
  of(set: SelectionSetNode, parent: object): number {
    let known = this.#known.get(set);
    if (known === undefined) this.#known.set(set, (known = new Map()));
    let values = known.get(parent);
    if (values !== undefined) return values;
    values = 0;
    for (const node of set.selections) {
      // Each step is at least one value of the answer, so that there are no more steps than values.
      if (++this.#steps > this.#limit) return this.#limit + 1;
      if (node.kind !== Kind.FIELD) {
        const inner = node.kind === Kind.INLINE_FRAGMENT ? node : this.#fragments.get(node.name.value);
        if (inner !== undefined) values += this.of(inner.selectionSet, parent);
        continue;
      }
      values++;
      if (node.selectionSet === undefined) continue;
      for (const child of thingsBelow(this.#schema, parent, node.name.value)) {
        values += this.of(node.selectionSet, child);
        if (values > this.#limit || ++this.#steps > this.#limit) return this.#limit + 1;
      }
    }
    known.set(parent, values);
    return values;
  }
}

/** What an introspection field leads to: types, fields, arguments … of the schema. */
function thingsBelow(schema: GraphQLSchema, parent: object, field: string): readonly object[] {
  switch (field) {
    case '__schema':
      return [schema];
    case '__type':
    case 'types':
      return Object.values(schema.getTypeMap());
    case 'directives':
      return schema.getDirectives();
    case 'queryType':
      return present(schema.getQueryType());
    case 'mutationType':
      return present(schema.getMutationType());
    case 'subscriptionType':
      return present(schema.getSubscriptionType());
    case 'fields':
      return isObjectType(parent) || isInterfaceType(parent) ? Object.values(parent.getFields()) : [];
    case 'interfaces':
      return isObjectType(parent) || isInterfaceType(parent) ? parent.getInterfaces() : [];
    case 'possibleTypes':
      return isAbstractType(parent) ? schema.getPossibleTypes(parent) : [];
    case 'enumValues':
      return isEnumType(parent) ? parent.getValues() : [];
    case 'inputFields':
      return isInputObjectType(parent) ? Object.values(parent.getFields()) : [];
    case 'ofType':
      return isType(parent) && 'ofType' in parent ? [parent.ofType] : [];
    case 'args':
      return 'args' in parent ? (parent.args as readonly object[]) : [];
    case 'type':
      return 'type' in parent ? [parent.type as object] : [];
    default:
      return [];
  }
}

function present(thing: object | null | undefined): readonly object[] {
  return thing ? [thing] : [];
}
