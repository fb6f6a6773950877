import { Kind, parse, valueFromASTUntyped } from 'graphql';
import type { ConstDirectiveNode, FieldDefinitionNode, SelectionSetNode, TypeNode } from 'graphql';

import type { DataRecord, FederatedGraph, Fields, GraphData, OverrideInput } from './FederatedGraph.js';

/** Records of each type. */
const RECORDS = 4;

/** One field as one subgraph declares it. */
interface Declared {
  readonly subgraph: string;
  readonly type: TypeNode;
  /** Names of the object types that it may give there; undefined for leaves. */
  readonly possible: readonly string[] | undefined;
  readonly enumValues: readonly string[] | undefined;
}

/**
 * A graph whose data is made up from its SDL: each field of each record has one value, which depends on its arguments, the same in all
 * subgraphs, and fits all of their declarations. A field with `@requires` answers with the text of what it was sent.
 *
 * Not for `@context`. What `@requires` names must be written with all its arguments.
 */
export function populate(name: string, subgraphs: Readonly<Record<string, string>>): FederatedGraph {
  const population = new Population(subgraphs);
  return {
    name,
    subgraphs,
    data: () => population.data(),
    overrides: population.overrides,
    values: { ID: ['A0', 'A1', 'B2', 'C3', 'nope'], Int: [0, 1, 2, 3], String: ['x', 'y'] },
    stock: true,
  };
}

class Population {
  readonly overrides: Record<string, (input: OverrideInput) => unknown> = {};
  /** `Type.field` of object types. */
  readonly #fields = new Map<string, Declared[]>();
  readonly #requires = new Map<string, SelectionSetNode>();
  readonly #keys = new Set<string>();
  readonly #objects: readonly string[];

  constructor(subgraphs: Readonly<Record<string, string>>) {
    const documents = Object.entries(subgraphs).map(([name, sdl]) => [name, parse(sdl)] as const);
    const objects = new Set<string>();
    const implementers = new Map<string, Set<string>>();
    for (const [, { definitions }] of documents)
      for (const node of definitions) {
        if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
        if (node.directives?.some((one) => one.name.value === 'interfaceObject')) continue;
        objects.add(node.name.value);
        for (const each of node.interfaces ?? []) {
          const known = implementers.get(each.name.value) ?? new Set();
          implementers.set(each.name.value, known.add(node.name.value));
        }
      }
    this.#objects = [...objects];
    for (const [subgraph, { definitions }] of documents) {
      const possible = new Map<string, readonly string[]>();
      const enums = new Map<string, readonly string[]>();
      for (const node of definitions) {
        if (!('name' in node) || node.name === undefined) continue;
        const type = node.name.value;
        if (node.kind === Kind.OBJECT_TYPE_DEFINITION) {
          const isInterfaceObject = node.directives?.some((one) => one.name.value === 'interfaceObject');
          possible.set(type, isInterfaceObject ? [...(implementers.get(type) ?? [])] : [type]);
        } else if (node.kind === Kind.UNION_TYPE_DEFINITION)
          possible.set(type, node.types?.map((one) => one.name.value) ?? []);
        else if (node.kind === Kind.INTERFACE_TYPE_DEFINITION)
          possible.set(
            type,
            definitions.flatMap((each) =>
              each.kind === Kind.OBJECT_TYPE_DEFINITION && each.interfaces?.some((one) => one.name.value === type)
                ? [each.name.value]
                : [],
            ),
          );
        else if (node.kind === Kind.ENUM_TYPE_DEFINITION)
          enums.set(
            type,
            (node.values ?? []).filter((one) => !one.directives?.length).map((one) => one.name.value),
          );
      }
      for (const node of definitions) {
        if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
        for (const directive of node.directives ?? [])
          if (directive.name.value === 'key')
            for (const [word] of stringArgument(directive, 'fields').matchAll(/\w+/g)) this.#keys.add(word);
        for (const field of node.fields ?? []) {
          const has = (one: string): boolean => field.directives?.some((each) => each.name.value === one) ?? false;
          const requires = field.directives?.find((each) => each.name.value === 'requires');
          if (has('external')) continue;
          for (const owner of possible.get(node.name.value)!) {
            const coordinate = `${owner}.${field.name.value}`;
            const named = namedOf(field);
            const declared: Declared = {
              subgraph,
              type: field.type,
              possible: possible.get(named),
              enumValues: enums.get(named),
            };
            this.#fields.set(coordinate, [...(this.#fields.get(coordinate) ?? []), declared]);
            if (requires) this.#requires.set(coordinate, selectionSet(stringArgument(requires, 'fields')));
          }
          if (requires) {
            const selection = selectionSet(stringArgument(requires, 'fields'));
            this.overrides[`${subgraph}.${node.name.value}.${field.name.value}`] = ({ rep, args }) =>
              JSON.stringify([picked(rep, selection), args]);
          }
        }
      }
    }
  }

  data(): GraphData {
    const byId = new Map<string, DataRecord>();
    const record = (type: string, n: number): DataRecord => {
      const $id = `${type}:${n}`;
      let known = byId.get($id);
      if (known === undefined) {
        known = { __typename: type, $id };
        byId.set($id, known);
        for (const [coordinate, declared] of this.#fields) {
          const [owner, field] = coordinate.split('.') as [string, string];
          if (owner === type)
            (known as Record<string, unknown>)[field] = this.#reader(known, n, field, declared, record);
        }
      }
      return known;
    };
    const records = this.#objects
      .filter((type) => type !== 'Query' && type !== 'Mutation')
      .flatMap((type) => Array.from({ length: RECORDS }, (_, n) => record(type, n)));
    return { Query: record('Query', 0), Mutation: record('Mutation', 0), records };
  }

  #reader(
    record: DataRecord,
    n: number,
    field: string,
    declared: readonly Declared[],
    find: (type: string, n: number) => DataRecord,
  ): unknown {
    const requires = this.#requires.get(`${record.__typename}.${field}`);
    if (requires !== undefined) return (args: Fields) => JSON.stringify([picked(record, requires), args]);
    const types = declared.map(({ type }) => type);
    if (this.#keys.has(field)) {
      const value = this.#value(
        types,
        declared,
        hash(`${field}${n}`) - (hash(`${field}${n}`) % RECORDS) + n,
        find,
        true,
      );
      const name = types[0]!.kind === Kind.NON_NULL_TYPE ? types[0]!.type : types[0]!;
      if (name.kind === Kind.NAMED_TYPE && (name.name.value === 'ID' || name.name.value === 'String'))
        return `${record.__typename}${n}`;
      if (name.kind === Kind.NAMED_TYPE && name.name.value === 'Int')
        return this.#objects.indexOf(record.__typename) * 10 + n;
      return value;
    }
    return (args: Fields = {}) =>
      this.#value(types, declared, hash(`${record.$id}.${field}${JSON.stringify(args)}`), find, false);
  }

  #value(
    types: readonly TypeNode[],
    declared: readonly Declared[],
    seed: number,
    find: (type: string, n: number) => DataRecord,
    isKey: boolean,
  ): unknown {
    const mayBeNull = types.every((type) => type.kind !== Kind.NON_NULL_TYPE);
    if (mayBeNull && !isKey && seed % 5 === 0) return null;
    const inner = types.map((type) => (type.kind === Kind.NON_NULL_TYPE ? type.type : type));
    const [first] = inner;
    if (first!.kind === Kind.LIST_TYPE) {
      const items = inner.map((type) => (type as Extract<TypeNode, { kind: Kind.LIST_TYPE }>).type);
      return Array.from({ length: (seed >> 3) % 4 }, (_, i) =>
        this.#value(items, declared, hash(`${seed}/${i}`), find, isKey),
      );
    }
    const name = (first as Extract<TypeNode, { kind: Kind.NAMED_TYPE }>).name.value;
    const possible = common(declared.map((one) => one.possible));
    if (possible !== undefined) {
      if (possible.length === 0) return null;
      const type = possible[(seed >> 4) % possible.length]!;
      return find(type, isKey ? seed % RECORDS : (seed >> 7) % RECORDS);
    }
    const values = common(declared.map((one) => one.enumValues));
    if (values !== undefined) return values[seed % values.length];
    switch (name) {
      case 'Int':
        return seed % 1000;
      case 'Float':
        return (seed % 1000) / 4;
      case 'Boolean':
        return seed % 2 === 0;
      default:
        return `s${seed % 1000}`;
    }
  }
}

function common(lists: ReadonlyArray<readonly string[] | undefined>): readonly string[] | undefined {
  const [first, ...rest] = lists;
  return first?.filter((one) => rest.every((list) => list?.includes(one)));
}

/** What a selection reads, whether from a record or from a representation. */
function picked(source: unknown, { selections }: SelectionSetNode): unknown {
  if (source === null || source === undefined) return null;
  if (Array.isArray(source)) return source.map((item) => picked(item, { kind: Kind.SELECTION_SET, selections }));
  const result: Record<string, unknown> = {};
  for (const node of selections) {
    if (node.kind === Kind.INLINE_FRAGMENT) {
      if (node.typeCondition === undefined || (source as Fields)['__typename'] === node.typeCondition.name.value)
        Object.assign(result, picked(source, node.selectionSet));
    } else if (node.kind === Kind.FIELD) {
      const args = Object.fromEntries(
        (node.arguments ?? []).map((one) => [one.name.value, valueFromASTUntyped(one.value)]),
      );
      const held = (source as Fields)[node.name.value];
      const value = typeof held === 'function' ? (held as (args: Fields) => unknown)(args) : held;
      result[node.name.value] = node.selectionSet ? picked(value, node.selectionSet) : (value ?? null);
    }
  }
  return result;
}

function selectionSet(text: string): SelectionSetNode {
  const [definition] = parse(`{${text}}`).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`not a selection set: ${text}`);
  return definition.selectionSet;
}

function namedOf({ type }: FieldDefinitionNode): string {
  let inner = type;
  while (inner.kind !== Kind.NAMED_TYPE) inner = inner.type;
  return inner.name.value;
}

function stringArgument(directive: ConstDirectiveNode, name: string): string {
  const value = directive.arguments?.find((one) => one.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : '';
}

/** FNV-1a, 31 bits. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return (h ^ (h >>> 12)) & 0x7fffffff;
}
