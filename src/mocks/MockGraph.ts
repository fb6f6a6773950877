import {
  getNamedType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { GraphQLEnumType, GraphQLField, GraphQLOutputType } from 'graphql';

import type { KeyPaths, SubgraphFacts } from './SubgraphFacts.js';

/** Entity types whose keys share one space: an interface with a key and all that implement it, or one type alone. */
export interface Family {
  readonly name: string;
  /** Object types, sorted; for interface objects without any implementation the name itself. */
  readonly members: readonly string[];
  readonly keys: readonly KeyPaths[];
  /** Every leaf of every key. */
  readonly paths: readonly string[];
}

/** What a field may give: the object type that it is in the world, and what the asked subgraph calls it. */
export interface Choice {
  readonly member: string;
  readonly local: string;
}

/** The subgraphs seen as one graph; immutable. */
export class MockGraph {
  readonly subgraphs: readonly SubgraphFacts[];
  readonly #families = new Map<string, Family>();
  readonly #possible = new Map<string, readonly string[]>();
  readonly #inaccessible: ReadonlySet<string>;
  readonly #choices = new Map<string, readonly Choice[]>();
  readonly #fields = new Map<string, ReadonlyArray<FieldPlace>>();

  constructor(subgraphs: readonly SubgraphFacts[]) {
    this.subgraphs = subgraphs;
    this.#inaccessible = new Set(subgraphs.flatMap(({ inaccessible }) => [...inaccessible]));
    for (const family of joinFamilies(subgraphs)) {
      for (const name of family.types) this.#families.set(name, family);
    }
  }

  family(type: string): Family | undefined {
    return this.#families.get(type);
  }

  /** Whether any subgraph has a type of that name. */
  isKnown(type: string): boolean {
    return this.subgraphs.some(({ schema }) => schema.getType(type) !== undefined);
  }

  /** Object types that implement an interface in any subgraph, sorted; those that clients may see unless there are none. */
  possible(type: string): readonly string[] {
    let found = this.#possible.get(type);
    if (found === undefined) {
      const all = possibleTypes(this.subgraphs, type);
      const visible = all.filter((name) => !this.#inaccessible.has(name));
      this.#possible.set(type, (found = visible.length > 0 ? visible : all));
    }
    return found;
  }

  /** The same field in all subgraphs that have it. Fields of an interface object belong to every implementation. */
  places(type: string, field: string): ReadonlyArray<FieldPlace> {
    const coordinate = `${type}.${field}`;
    let found = this.#fields.get(coordinate);
    if (found === undefined) {
      found = this.subgraphs.flatMap((subgraph) =>
        this.#names(subgraph, type).flatMap((name) => {
          const owner = subgraph.schema.getType(name);
          const one = isObjectType(owner) || isInterfaceType(owner) ? owner.getFields()[field] : undefined;
          return one === undefined ? [] : [{ subgraph, type: name, field: one }];
        }),
      );
      this.#fields.set(coordinate, found);
    }
    return found;
  }

  #names(subgraph: SubgraphFacts, type: string): string[] {
    const objects = [...subgraph.interfaceObjects].filter((one) => one !== type && this.possible(one).includes(type));
    return [type, ...objects];
  }

  /** The object types that a field of composite type may give, the same ones wherever the field is shared. Never empty. */
  choices(subgraph: SubgraphFacts, type: string, field: GraphQLField<unknown, unknown>): readonly Choice[] {
    const coordinate = `${subgraph.name} ${type}.${field.name}`;
    let found = this.#choices.get(coordinate);
    if (found === undefined) {
      const own = this.choicesOf(subgraph, getNamedType(field.type).name);
      const others = this.places(type, field.name)
        .filter((place) => place.subgraph !== subgraph)
        .map((place) => this.choicesOf(place.subgraph, getNamedType(place.field.type).name));
      const shared = own.filter(({ member }) => others.every((list) => list.some((one) => one.member === member)));
      this.#choices.set(coordinate, (found = shared.length > 0 ? shared : own));
    }
    return found;
  }

  /** The object types that a type of one subgraph may stand for there. */
  choicesOf(subgraph: SubgraphFacts, typeName: string): readonly Choice[] {
    const type = subgraph.schema.getType(typeName);
    const locals = isAbstractType(type) ? subgraph.schema.getPossibleTypes(type).map(({ name }) => name) : [typeName];
    const visible = locals.filter((name) => !this.#inaccessible.has(name));
    return (visible.length > 0 ? visible : locals)
      .flatMap((local) =>
        subgraph.interfaceObjects.has(local) && this.possible(local).length > 0
          ? this.possible(local).map((member) => ({ member, local }))
          : [{ member: local, local }],
      )
      .sort((a, b) => (a.member < b.member ? -1 : 1));
  }

  /** The values of an enum that all subgraphs know and clients may see. Never empty. */
  enumValues(type: GraphQLEnumType): readonly string[] {
    const own = type.getValues().map(({ name }) => name);
    const visible = own.filter((name) => !this.#inaccessible.has(`${type.name}.${name}`));
    const shared = visible.filter((name) =>
      this.subgraphs.every(({ schema }) => {
        const other = schema.getType(type.name);
        return !isEnumType(other) || other.getValue(name) !== undefined;
      }),
    );
    return [shared, visible, own].find((list) => list.length > 0) ?? own;
  }

  /** Whether a field may be null, at each depth of lists: only where all subgraphs say so. */
  nullable(type: string, field: string): readonly boolean[] {
    const all = this.places(type, field).map((place) => nullableAt(place.field.type));
    return (all[0] ?? []).map((_, depth) => all.every((one) => one[depth] === true));
  }

  /** A field of a type in whatever subgraph has it. */
  anyField(type: string, field: string): GraphQLField<unknown, unknown> | undefined {
    return this.places(type, field)[0]?.field;
  }

  /** Names of all fields of a type, in all subgraphs together. */
  fieldNames(type: string): readonly string[] {
    const names = new Set<string>();
    for (const subgraph of this.subgraphs) {
      for (const name of this.#names(subgraph, type)) {
        const owner = subgraph.schema.getType(name);
        if (isObjectType(owner)) for (const field of Object.keys(owner.getFields())) names.add(field);
      }
    }
    return [...names];
  }
}

/** A field in one subgraph. */
export interface FieldPlace {
  readonly subgraph: SubgraphFacts;
  /** What the type is called there. */
  readonly type: string;
  readonly field: GraphQLField<unknown, unknown>;
}

function nullableAt(type: GraphQLOutputType): boolean[] {
  const inner = isNonNullType(type) ? (type.ofType as GraphQLOutputType) : type;
  const here = !isNonNullType(type);
  return isListType(inner) ? [here, ...nullableAt(inner.ofType as GraphQLOutputType)] : [here];
}

function possibleTypes(subgraphs: readonly SubgraphFacts[], type: string): readonly string[] {
  const names = new Set<string>();
  for (const { schema } of subgraphs) {
    const found = schema.getType(type);
    if (isInterfaceType(found)) for (const { name } of schema.getPossibleTypes(found)) names.add(name);
  }
  return [...names].sort();
}

interface JoinedFamily extends Family {
  readonly types: readonly string[];
}

/** Types that share keys end in one family: an interface with a key, and each of its implementations. */
function joinFamilies(subgraphs: readonly SubgraphFacts[]): JoinedFamily[] {
  const keysOf = new Map<string, KeyPaths[]>();
  const parent = new Map<string, string>();
  const rootOf = (name: string): string => {
    const up = parent.get(name);
    return up === undefined || up === name ? name : rootOf(up);
  };
  const abstract = new Set<string>();
  for (const { keys, interfaceObjects, schema } of subgraphs) {
    for (const [type, list] of keys) {
      keysOf.set(type, [...(keysOf.get(type) ?? []), ...list]);
      if (interfaceObjects.has(type) || isInterfaceType(schema.getType(type))) abstract.add(type);
    }
  }
  for (const type of [...abstract].sort()) {
    for (const member of possibleTypes(subgraphs, type)) {
      const [a, b] = [rootOf(type), rootOf(member)];
      if (a !== b) parent.set(b, a);
      if (!keysOf.has(member)) keysOf.set(member, []);
    }
  }
  const groups = new Map<string, string[]>();
  for (const type of [...keysOf.keys()].sort()) groups.set(rootOf(type), [...(groups.get(rootOf(type)) ?? []), type]);
  return [...groups].map(([name, types]) => {
    const objects = types.filter((type) => !abstract.has(type) && isObject(subgraphs, type));
    const keys = new Map(
      types.flatMap((type) => keysOf.get(type) ?? []).map((paths) => [[...paths].sort().join(' '), paths]),
    );
    const sorted = [...keys].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, paths]) => paths);
    const members = objects.length > 0 ? objects : [name];
    return { name, types, members, keys: sorted, paths: [...new Set(sorted.flat())] };
  });
}

function isObject(subgraphs: readonly SubgraphFacts[], type: string): boolean {
  return subgraphs.some(({ schema }) => isObjectType(schema.getType(type)));
}
