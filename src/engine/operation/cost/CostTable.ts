import { inspect } from 'node:util';

import { getNamedType, isAbstractType, isCompositeType, isInterfaceType, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLInterfaceType, GraphQLNamedType, GraphQLObjectType, GraphQLSchema } from 'graphql';

import type { CostRules, ListSizeRule } from '../../../supergraph/model/CostRules.js';

/** What the estimate depends on besides the schema. */
export interface CostSettings {
  /** Items assumed of a list of which nothing else is known. */
  readonly listSize: number;
  /** Whether a field (`Type.field`) is priced; what is selected in it is looked at anyway. Absent: all are. */
  readonly prices?: ((coordinate: string) => boolean) | undefined;
}

/** A field as its price is concerned. */
export interface FieldPrice {
  /** Of one item, without what is selected in it; undefined where it is that of its type. May be negative. */
  readonly weight: number | undefined;
  readonly listSize: ListSizeRule | undefined;
}

const UNRULED: FieldPrice = { weight: undefined, listSize: undefined };
const UNPRICED: FieldPrice = { weight: 0, listSize: undefined };

/** A field of one of the types that may answer it. */
export interface FieldVariant {
  readonly type: GraphQLObjectType | GraphQLInterfaceType;
  readonly field: GraphQLField<unknown, unknown>;
  readonly listSize: ListSizeRule | undefined;
}

export interface FieldVariants {
  /** The most that one item weighs in any of them; never below 0. */
  readonly weight: number;
  readonly variants: readonly FieldVariant[];
}

/**
 * What things cost in one schema.
 *
 * Defaults: objects, interfaces, unions and input objects 1, scalars and enums 0. The weight of a field takes the place of its type's.
 * Source: Apollo Router's demand control; IBM's GraphQL Cost Directive specification.
 */
export class CostTable {
  readonly schema: GraphQLSchema;
  readonly settings: CostSettings;
  readonly #rules: CostRules;
  /** Names of the fields that rules speak of. Of all others nothing is said, whatever type they stand in: most fields of most graphs. */
  readonly #ruledFields: ReadonlySet<string>;
  readonly #prices = new Map<string, FieldPrice>();
  readonly #variants = new Map<string, FieldVariants>();
  readonly #heaviestOf = new Map<GraphQLNamedType, number>();

  constructor(schema: GraphQLSchema, rules: CostRules, settings: CostSettings) {
    this.schema = schema;
    this.settings = settings;
    this.#rules = rules;
    const coordinates = [...rules.weights.keys(), ...rules.listSizes.keys()];
    this.#ruledFields = new Set(coordinates.flatMap((coordinate) => /\.([^(]+)/.exec(coordinate)?.[1] ?? []));
  }

  /** Object types that a value of a type can be; the type itself where there is none. */
  possibleTypes(type: GraphQLNamedType): ReadonlyArray<GraphQLObjectType | GraphQLInterfaceType> {
    if (isAbstractType(type)) {
      const possible = this.schema.getPossibleTypes(type);
      if (possible.length > 0) return possible;
    }
    return isObjectType(type) || isInterfaceType(type) ? [type] : [];
  }

  weightOfType(type: GraphQLNamedType): number {
    return this.#rules.weights.get(type.name) ?? (isCompositeType(type) ? 1 : 0);
  }

  weightOfArgument(type: string, field: string, argument: string): number | undefined {
    return this.#rules.weights.get(`${type}.${field}(${argument}:)`);
  }

  weightOfInputField(type: string, field: string): number | undefined {
    return this.#rules.weights.get(`${type}.${field}`);
  }

  /** What is not said of the field of an object type is what is said of its interfaces' field. */
  priceOf(type: GraphQLObjectType | GraphQLInterfaceType, field: string): FieldPrice {
    const isRuled = this.#ruledFields.has(field);
    if (!isRuled && this.settings.prices === undefined) return UNRULED;
    const coordinate = `${type.name}.${field}`;
    const isPriced = this.isPriced(coordinate);
    if (!isRuled) return isPriced ? UNRULED : UNPRICED;
    let price = this.#prices.get(coordinate);
    if (price === undefined) {
      const coordinates = [coordinate, ...type.getInterfaces().map(({ name }) => `${name}.${field}`)];
      price = {
        weight: isPriced ? firstOf(coordinates, this.#rules.weights) : 0,
        listSize: firstOf(coordinates, this.#rules.listSizes),
      };
      this.#prices.set(coordinate, price);
    }
    return price;
  }

  isPriced(coordinate: string): boolean {
    return this.settings.prices?.(coordinate) ?? true;
  }

  fieldOf(type: GraphQLNamedType | undefined, name: string): GraphQLField<unknown, unknown> | undefined {
    return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  }

  /** All that a field may be, whatever type answers it, each kind once. Undefined for introspection. */
  variantsOf(parent: GraphQLNamedType, name: string): FieldVariants | undefined {
    const coordinate = `${parent.name}.${name}`;
    let found = this.#variants.get(coordinate);
    if (found !== undefined) return found;
    const own = this.fieldOf(parent, name);
    if (own === undefined) return undefined;
    if (this.settings.prices === undefined && !this.#ruledFields.has(name)) {
      // Nothing tells its variants apart, and what a narrower type of one of them can be, the field's own can be too.
      const type = parent as FieldVariant['type'];
      found = { weight: this.#heaviest(own, UNRULED), variants: [{ type, field: own, listSize: undefined }] };
      this.#variants.set(coordinate, found);
      return found;
    }
    let weight = 0;
    const variants = new Map<string, FieldVariant>();
    const rules = new Map<ListSizeRule | undefined, number>();
    for (const type of new Set([parent as GraphQLInterfaceType, ...this.possibleTypes(parent)])) {
      const field = this.fieldOf(type, name)!;
      const price = this.priceOf(type, name);
      weight = Math.max(weight, this.#heaviest(field, price));
      if (!rules.has(price.listSize)) rules.set(price.listSize, rules.size);
      const args = field.args.map((each) => {
        const argumentWeight = this.weightOfArgument(type.name, name, each.name);
        return `${each.name} ${argumentWeight ?? ''} ${each.defaultValue === undefined ? '' : inspect(each.defaultValue)}`;
      });
      const key = `${rules.get(price.listSize)} ${this.isPriced(`${type.name}.${name}`)} ${args.join()}`;
      if (!variants.has(key)) variants.set(key, { type, field, listSize: price.listSize });
    }
    found = { weight, variants: [...variants.values()] };
    this.#variants.set(coordinate, found);
    return found;
  }

  /**
   * The most that one item of a field can weigh, whatever object type answers. Kept by type: a field of an interface is looked at for each of
   * its types, and may give any of them.
   */
  #heaviest(field: GraphQLField<unknown, unknown>, { weight }: FieldPrice): number {
    if (weight !== undefined) return weight;
    const named = getNamedType(field.type);
    let heaviest = this.#heaviestOf.get(named);
    if (heaviest === undefined) {
      heaviest = this.weightOfType(named);
      for (const type of this.possibleTypes(named)) heaviest = Math.max(heaviest, this.weightOfType(type));
      this.#heaviestOf.set(named, heaviest);
    }
    return heaviest;
  }
}

function firstOf<Value>(coordinates: readonly string[], table: ReadonlyMap<string, Value>): Value | undefined {
  for (const coordinate of coordinates) {
    const value = table.get(coordinate);
    if (value !== undefined) return value;
  }
  return undefined;
}
