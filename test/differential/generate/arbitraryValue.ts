import fc from 'fast-check';
import { isEnumType, isInputObjectType, isListType, isNonNullType, isRequiredInputField } from 'graphql';
import type { GraphQLInputType } from 'graphql';

/** Values by scalar name. */
export type ScalarPools = Readonly<Record<string, readonly unknown[]>>;

const basics: ScalarPools = {
  Boolean: [true, false],
  Int: [0, 1, 2],
  Float: [0, 1.5, 10],
  String: ['', 'a'],
  ID: ['1'],
};

/** JSON values that fit the type, nulls and single values for lists included. */
export function arbitraryValue(type: GraphQLInputType, pools: ScalarPools, depth = 2): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return present(type.ofType, pools, depth);
  return fc.option(present(type, pools, depth), { nil: null, freq: 8 });
}

function present(type: GraphQLInputType, pools: ScalarPools, depth: number): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return present(type.ofType, pools, depth);
  if (isListType(type)) {
    const list = fc.array(arbitraryValue(type.ofType, pools, depth), { maxLength: 3 });
    // A single value stands for a list of one, and one of lists.
    return fc.oneof({ weight: 7, arbitrary: list }, { weight: 1, arbitrary: present(type.ofType, pools, depth) });
  }
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map((value) => value.name));
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter((field) => depth > 0 || isRequiredInputField(field));
    const record: Record<string, fc.Arbitrary<unknown>> = {};
    for (const field of fields) record[field.name] = arbitraryValue(field.type, pools, depth - 1);
    return fc.record(record, { requiredKeys: fields.filter(isRequiredInputField).map((field) => field.name) });
  }
  const pool = pools[type.name] ?? basics[type.name];
  if (pool === undefined) throw new Error(`no values for scalar ${type.name}`);
  return fc.constantFrom(...pool.filter((value) => value !== null));
}
