import { Kind, getArgumentValues, isInterfaceType, isObjectType } from 'graphql';
import type { FieldNode, GraphQLSchema } from 'graphql';

import type { Condition, FieldSelection, Operation, Selection } from '../../engine/operation/Operation.js';
import type { VariableValues } from '../../engine/operation/variables.js';

import type { LimitPolicies, LimitPolicy } from './LimitPolicy.js';

/** A field of an operation that limits stand before. */
export interface LimitedField {
  readonly parentType: string;
  /** Its canonical name, which stands for its arguments: all its occurrences are one thing that is asked. */
  readonly key: string;
  /** `Type.field`, as selected. */
  readonly coordinate: string;
  readonly policies: readonly LimitPolicy[];
  /** How often it is executed with these variables, as far as the document says it: below a list it counts once. */
  occurrencesWith(variables: VariableValues): number;
  /** Coerced, defaults included; absent where no policy asks for arguments. */
  readonly argumentsWith: ((variables: VariableValues) => Readonly<Record<string, unknown>>) | undefined;
}

/** All of these must hold for an occurrence to be reached; any of them is enough. */
type Reached = readonly Condition[];

/**
 * Finds the limited fields of an operation, in document order. Counts logical executions: the same response name at the same place is
 * executed once however often it is written (GraphQL, 6.3.2), every alias is one of its own.
 *
 * A field that is asked of an interface meets the limits of all types that may answer it, each limit once.
 */
export function compileLimits(
  operation: Operation,
  policies: LimitPolicies['byField'],
  schema: GraphQLSchema,
): readonly LimitedField[] {
  if (policies.size === 0 || ![...operation.coordinates].some((coordinate) => policies.has(coordinate))) return [];
  const finder = new Finder(policies, schema);
  finder.walk(operation.selections, '', []);
  return [...finder.found.values()].map(({ selection, policies: met, places }) => ({
    parentType: selection.parentType,
    key: selection.key,
    coordinate: `${selection.parentType}.${selection.name}`,
    policies: met,
    occurrencesWith: compileCount([...places.values()]),
    argumentsWith: met.some(readsArguments) ? finder.argumentsOf(selection) : undefined,
  }));
}

interface Found {
  readonly selection: FieldSelection;
  readonly policies: readonly LimitPolicy[];
  /** By the client's path to it. */
  readonly places: Map<string, Condition[]>;
}

class Finder {
  readonly found = new Map<string, Found>();
  readonly #policies: LimitPolicies['byField'];
  readonly #schema: GraphQLSchema;

  constructor(policies: LimitPolicies['byField'], schema: GraphQLSchema) {
    this.#policies = policies;
    this.#schema = schema;
  }

  walk(selections: readonly Selection[], path: string, above: Condition): void {
    for (const selection of selections) {
      const condition = selection.condition === undefined ? above : [...above, ...selection.condition];
      if (selection.kind === 'fragment') {
        this.walk(selection.selections, path, condition);
        continue;
      }
      if (selection.isRefused) continue;
      const place = `${path}.${selection.clientName}`;
      this.#note(selection, place, condition);
      if (selection.selections !== undefined) this.walk(selection.selections, place, condition);
    }
  }

  argumentsOf({ parentType, name, arguments: given }: FieldSelection): LimitedField['argumentsWith'] {
    const type = this.#schema.getType(parentType);
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
    if (field === undefined) return undefined;
    const node: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: name }, arguments: given ?? [] };
    return (variables) => getArgumentValues(field, node, variables);
  }

  #note(selection: FieldSelection, place: string, condition: Condition): void {
    const id = `${selection.parentType}.${selection.key}`;
    let found = this.found.get(id);
    if (found === undefined) {
      const policies = this.#policiesOf(selection);
      if (policies.length === 0) return;
      this.found.set(id, (found = { selection, policies, places: new Map<string, Condition[]>() }));
    }
    const reached = found.places.get(place);
    if (reached === undefined) found.places.set(place, [condition]);
    else reached.push(condition);
  }

  #policiesOf({ parentType, name }: FieldSelection): readonly LimitPolicy[] {
    const type = this.#schema.getType(parentType);
    const types = isInterfaceType(type) ? [type, ...this.#schema.getPossibleTypes(type)] : [{ name: parentType }];
    return [...new Set(types.flatMap((each) => this.#policies.get(`${each.name}.${name}`) ?? []))];
  }
}

function readsArguments({ identityArgs, arrayLength }: LimitPolicy): boolean {
  return identityArgs.length > 0 || arrayLength !== undefined;
}

function compileCount(places: readonly Reached[]): (variables: VariableValues) => number {
  const open = places.filter((conditions) => conditions.every((condition) => condition.length > 0));
  const always = places.length - open.length;
  if (open.length === 0) return () => always;
  return (variables) => {
    const holds = (condition: Condition): boolean =>
      condition.every(({ variable, include }) => (variables[variable] === true) === include);
    let count = always;
    for (const conditions of open) if (conditions.some(holds)) count++;
    return count;
  };
}
