import {
  Kind,
  OperationTypeNode,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  print,
  visit,
} from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLCompositeType,
  GraphQLField,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';
import { SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef } from 'graphql';

import { CanonicalKeys } from './canonicalKeys.js';
import type { SchemaNames } from './canonicalKeys.js';
import { below, isConditional, printCondition, readCondition } from './conditions.js';
import type { Given } from './conditions.js';
import { introspectionPart } from './introspectionPart.js';
import { mergeRootFields } from './mergeRootFields.js';
import { requestError } from './requestError.js';
import type { Condition, FieldSelection, Operation, Refuses, Selection } from './Operation.js';

/** A client variable of such a name would meet the planner's own: `$representations`, `$contextualArgument_1_0`. */
const RESERVED_VARIABLE = /^(representations|contextualArgument_)/;

/**
 * Expands and renames one operation (see Operation.ts for why).
 *
 * The document has passed validation and the limits: its expansion is bounded and its fields exist. `@defer` is dropped:
 * the answer comes in one piece. Literal `@skip`/`@include` are resolved here, variable ones become conditions.
 *
 * @param given values of condition variables that are known already
 * @param refuses which selections the caller may not have
 */
export function normalise(
  document: DocumentNode,
  definition: OperationDefinitionNode,
  schema: GraphQLSchema,
  names: SchemaNames,
  given: Given = new Map(),
  refuses?: Refuses,
): Operation {
  const walk = new Walk(document, schema, names, definition, refuses);
  const root = schema.getRootType(definition.operation);
  if (!root) throw new Error(`The schema has no ${definition.operation} type`);
  const { set, isOpen } = walk.rootSelectionSet(definition, given);
  const { selections, text } = walk.selectionSet(set, root, given, true);
  const variables = definition.variableDefinitions ?? [];
  const declared = variables.map((variable) => walk.print(variable)).join(' ');
  const name = definition.name?.value;
  return {
    kind: definition.operation,
    name,
    rootType: root.name,
    selections,
    variables,
    renamedVariables: walk.renamed,
    text:
      text === ''
        ? ''
        : `${definition.operation}${name ? ` ${name}` : ''}${declared === '' ? '' : `(${declared})`}{${text}}`,
    introspection: walk.introspection(definition),
    conditionVariables: [...walk.conditionVariables],
    openEffects: isOpen,
    coordinates: walk.coordinates,
  };
}

/** The names inside the engine of those client variables that cannot keep theirs. */
function freeVariableNames(definition: OperationDefinitionNode): ReadonlyMap<string, string> {
  const names = (definition.variableDefinitions ?? []).map((node) => node.variable.name.value);
  const taken = new Set(names);
  const renamed = new Map<string, string>();
  for (const name of names) {
    if (!RESERVED_VARIABLE.test(name)) continue;
    let free = `client_${name}`;
    while (taken.has(free)) free = `_${free}`;
    taken.add(free);
    renamed.set(name, free);
  }
  return renamed;
}

interface Expanded {
  readonly selections: Selection[];
  /** The same selections in canonical names; empty when there is nothing to fetch. */
  readonly text: string;
}

class Walk {
  readonly conditionVariables = new Set<string>();
  readonly coordinates = new Set<string>();
  readonly renamed: ReadonlyMap<string, string>;
  readonly #schema: GraphQLSchema;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #keys: CanonicalKeys;
  readonly #document: DocumentNode;
  readonly #isMutation: boolean;
  readonly #refuses: Refuses | undefined;
  #hasIntrospection = false;
  #isRefused = false;

  constructor(
    document: DocumentNode,
    schema: GraphQLSchema,
    names: SchemaNames,
    definition: OperationDefinitionNode,
    refuses: Refuses | undefined,
  ) {
    this.#document = document;
    this.#schema = schema;
    this.#refuses = refuses;
    this.#keys = new CanonicalKeys(names);
    this.renamed = freeVariableNames(definition);
    this.#isMutation = definition.operation === OperationTypeNode.MUTATION;
    for (const node of document.definitions)
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(node.name.value, node);
  }

  print(node: Parameters<typeof print>[0]): string {
    const { renamed } = this;
    if (renamed.size === 0) return print(node);
    return print(
      visit(node, {
        Variable: (variable) => {
          const value = renamed.get(variable.name.value);
          return value === undefined ? undefined : { ...variable, name: { ...variable.name, value } };
        },
      }),
    );
  }

  rootSelectionSet({ selectionSet }: OperationDefinitionNode, given: Given): ReturnType<typeof mergeRootFields> {
    return this.#isMutation
      ? mergeRootFields(selectionSet, this.#fragments, given)
      : { set: selectionSet, isOpen: false };
  }

  /** @param given conditions that hold here, because something above depends on them */
  selectionSet(node: SelectionSetNode, parent: GraphQLCompositeType, given: Given, isRoot = false): Expanded {
    const selections: Selection[] = [];
    let text = '';
    for (const child of node.selections) text += this.#selection(child, parent, given, selections, isRoot);
    return { selections, text };
  }

  /** Appends to `into`; gives the text. */
  #selection(
    node: SelectionNode,
    parent: GraphQLCompositeType,
    given: Given,
    into: Selection[],
    isRoot: boolean,
  ): string {
    const condition = readCondition(node.directives, given);
    if (condition === 'never') return '';
    for (const { variable } of condition ?? []) this.conditionVariables.add(variable);
    const inner = below(given, condition);
    if (node.kind === Kind.FIELD) return this.#field(node, parent, condition, inner, into, isRoot);
    const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : this.#fragments.get(node.name.value)!;
    const typeName = fragment.typeCondition?.name.value;
    const type = typeName === undefined ? parent : (this.#schema.getType(typeName) as GraphQLCompositeType);
    const { selections, text } = this.selectionSet(fragment.selectionSet, type, inner, isRoot);
    const narrows = type !== parent;
    if (!narrows && condition === undefined) {
      for (const each of selections) into.push(each);
      return text;
    }
    into.push({ kind: 'fragment', typeCondition: narrows ? type.name : undefined, condition, selections });
    return text === ''
      ? ''
      : `...${narrows ? ` on ${type.name}` : ''}${printCondition(condition, this.renamed)}{${text}} `;
  }

  #field(
    node: FieldNode,
    parent: GraphQLCompositeType,
    condition: Condition | undefined,
    given: Given,
    into: Selection[],
    isRoot: boolean,
  ): string {
    const name = node.name.value;
    const clientName = node.alias?.value ?? name;
    const definition = this.#definition(parent, name);
    const details = this.#details(node);
    const isMeta =
      definition === SchemaMetaFieldDef || definition === TypeMetaFieldDef || definition === TypeNameMetaFieldDef;
    // Two fields of a mutation are two effects, however alike they are.
    const identity = isRoot && this.#isMutation ? `${details} as ${clientName}` : details;
    const key = isMeta ? name : this.#keys.keyOf(parent.name, name, clientName !== name, identity);
    const named = getNamedType(definition.type);
    const field = {
      kind: 'field',
      clientName,
      key,
      name,
      parentType: parent.name,
      type: definition.type,
      arguments: node.arguments,
      condition,
      isRefused: false,
    } as const;
    if (definition === SchemaMetaFieldDef || definition === TypeMetaFieldDef) {
      if (!isRoot)
        throw requestError('GRAPHQL_VALIDATION_FAILED', 'Introspection is answered at the root of a query only');
      this.#hasIntrospection = true;
      into.push({ ...field, selections: undefined });
      return '';
    }
    if (definition === TypeNameMetaFieldDef) {
      into.push({ ...field, selections: undefined });
      // At the root it needs no fetch: the answer is known.
      return isRoot ? '' : `__typename${printCondition(condition, this.renamed)} `;
    }
    if (this.#isRefused || this.#refuses?.(parent.name, key) === true) {
      into.push({ ...field, isRefused: true, selections: this.#refused(node, named as GraphQLCompositeType, given) });
      return '';
    }
    this.#note(parent, name);
    const head = `${key === name ? name : `${key}:${name}`}${details}${printCondition(condition, this.renamed)}`;
    if (node.selectionSet === undefined) {
      into.push({ ...field, selections: undefined });
      return `${head} `;
    }
    const type = named as GraphQLCompositeType;
    const { selections, text } = this.selectionSet(node.selectionSet, type, given);
    into.push({ ...field, selections } satisfies FieldSelection);
    return `${head}{${wantsTypename(type, selections) ? '__typename ' : ''}${text}} `;
  }

  /** What stands inside a refused field: the same response name may be allowed for one of several types, and then its parts come together. */
  #refused({ selectionSet }: FieldNode, type: GraphQLCompositeType, given: Given): readonly Selection[] | undefined {
    if (selectionSet === undefined) return undefined;
    const outer = this.#isRefused;
    this.#isRefused = true;
    const { selections } = this.selectionSet(selectionSet, type, given);
    this.#isRefused = outer;
    return selections;
  }

  #definition(parent: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> {
    if (name === '__typename') return TypeNameMetaFieldDef;
    if (parent === this.#schema.getQueryType()) {
      if (name === '__schema') return SchemaMetaFieldDef;
      if (name === '__type') return TypeMetaFieldDef;
    }
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    if (field === undefined) throw new Error(`${parent.name} has no field ${name}`);
    return field;
  }

  /** Arguments and directives of the field, printed: part of its identity. Arguments are sorted, their order means nothing. */
  #details(node: FieldNode): string {
    let text = '';
    if (node.arguments !== undefined && node.arguments.length > 0) {
      text += `(${node.arguments
        .map((argument) => this.print(argument))
        .sort()
        .join(',')})`;
    }
    for (const directive of node.directives ?? []) if (!isConditional(directive)) text += ` ${this.print(directive)}`;
    return text;
  }

  #note(parent: GraphQLCompositeType, name: string): void {
    this.coordinates.add(`${parent.name}.${name}`);
    if (isAbstractType(parent))
      for (const type of this.#schema.getPossibleTypes(parent)) this.coordinates.add(`${type.name}.${name}`);
  }

  /** The client's document cut down to its introspection fields, for graphql-js to execute. */
  introspection(definition: OperationDefinitionNode): DocumentNode | undefined {
    return this.#hasIntrospection ? introspectionPart(this.#document, definition, this.#fragments) : undefined;
  }
}

/**
 * Whether `__typename` must be asked for although the client may not have: it is the planner guard `typename` (without it the type of a
 * member that only one subgraph knows cannot be told), and it keeps a selection that conditions may empty from being dropped with
 * the object that holds it.
 */
function wantsTypename(type: GraphQLCompositeType, selections: readonly Selection[]): boolean {
  if (isUnionType(type)) return true;
  if (isInterfaceType(type) && selections.some((each) => each.kind === 'fragment')) return true;
  return !selections.some((each) => each.kind === 'field' && each.condition === undefined && !each.isRefused);
}
