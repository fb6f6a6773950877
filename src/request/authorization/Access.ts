import { getNamedType, isInterfaceType, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLSchema } from 'graphql';

import type { AccessRules, Demand } from '../../supergraph/model/AccessRules.js';

/** A demand at a field. */
export interface Term {
  readonly demand: Demand;
  /** The field with whose arguments policies are asked; absent where they have no arguments to look at. */
  readonly field: string | undefined;
  /** Where the demand is written, for the log. */
  readonly coordinate: string;
}

/** Coordinates of demands beside the supergraph's: of types and fields, interfaces included. */
export type AddedDemands = ReadonlyMap<string, readonly Demand[]>;

type Facts = {
  readonly access: AccessRules;
  readonly apiSchema: GraphQLSchema;
  readonly possibleTypes: ReadonlyMap<string, ReadonlySet<string>>;
};

/**
 * What may be selected by whom, for one supergraph and one set of rules: looked up when documents are prepared, never per request.
 *
 * A field of an object type demands what is written at the field, at its object type, at its own type (object, scalar, enum), and what the
 * fields demand that its value is made of. A field of an interface demands that of all object types behind it. A field whose type is
 * an interface or union demands nothing for that: what is selected inside is judged by itself.
 */
export class Access {
  readonly #schema: GraphQLSchema;
  readonly #rules: AccessRules;
  readonly #possible: Facts['possibleTypes'];
  readonly #written: ReadonlyMap<string, readonly Demand[]>;
  /** By coordinate; filled as documents come. */
  readonly #terms = new Map<string, readonly Term[]>();
  /** One for each demand and field, whatever the coordinate: equal terms are one and the same. */
  readonly #interned = new Map<string, Term>();

  constructor({ access, apiSchema, possibleTypes }: Facts, added: AddedDemands = new Map()) {
    this.#schema = apiSchema;
    this.#rules = access;
    this.#possible = possibleTypes;
    this.#written = withAdded(access.demands, added, possibleTypes);
  }

  /** Whether nobody demands anything anywhere. */
  get isOpen(): boolean {
    return this.#written.size === 0;
  }

  /** Every demand there is, with its coordinate. */
  get written(): Iterable<readonly [coordinate: string, demands: readonly Demand[]]> {
    return this.#written;
  }

  /** What a selection of the field demands; empty for nothing. */
  termsOf(parentType: string, field: string): readonly Term[] {
    const coordinate = `${parentType}.${field}`;
    const known = this.#terms.get(coordinate);
    if (known !== undefined) return known;
    const terms = new Set<Term>();
    for (const type of this.#possible.get(parentType) ?? [parentType]) this.#collect(type, field, terms);
    const list = [...terms];
    this.#terms.set(coordinate, list);
    return list;
  }

  /** Demands of a type itself. */
  termsOfType(type: string): readonly Term[] {
    return (this.#written.get(type) ?? []).map((demand) => this.#intern(demand, undefined, type));
  }

  #collect(type: string, field: string, into: Set<Term>): void {
    const definition = this.#fieldOf(type, field);
    for (const term of this.termsOfType(type)) into.add(term);
    const coordinate = `${type}.${field}`;
    const takesArguments = definition !== undefined && definition.args.length > 0;
    for (const demand of this.#written.get(coordinate) ?? [])
      into.add(this.#intern(demand, takesArguments ? coordinate : undefined, coordinate));
    if (definition !== undefined)
      for (const term of this.termsOfType(getNamedType(definition.type).name)) into.add(term);
    const seen = new Set([coordinate]);
    const pending = [...(this.#rules.inputs.get(coordinate) ?? [])];
    for (let input = pending.pop(); input !== undefined; input = pending.pop()) {
      if (seen.has(input)) continue;
      seen.add(input);
      for (const demand of this.#written.get(input) ?? []) into.add(this.#intern(demand, undefined, input));
      pending.push(...(this.#rules.inputs.get(input) ?? []));
    }
  }

  #fieldOf(type: string, field: string): GraphQLField<unknown, unknown> | undefined {
    const found = this.#schema.getType(type);
    return isObjectType(found) || isInterfaceType(found) ? found.getFields()[field] : undefined;
  }

  #intern(demand: Demand, field: string | undefined, coordinate: string): Term {
    const asked = demand.kind === 'policies' ? field : undefined;
    const key = JSON.stringify([asked, demand]);
    let term = this.#interned.get(key);
    if (term === undefined) this.#interned.set(key, (term = { demand, field: asked, coordinate }));
    return term;
  }
}

/** Demands at an interface hold for each object type behind it. */
function withAdded(
  demands: AccessRules['demands'],
  added: AddedDemands,
  possible: Facts['possibleTypes'],
): ReadonlyMap<string, readonly Demand[]> {
  const all = new Map(demands);
  for (const [coordinate, more] of added) {
    const [type = '', field] = coordinate.split('.');
    const suffix = field === undefined ? '' : `.${field}`;
    for (const name of possible.get(type) ?? [type]) {
      const place = `${name}${suffix}`;
      all.set(place, [...(all.get(place) ?? []), ...more]);
    }
  }
  return all;
}
