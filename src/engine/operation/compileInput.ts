import { isInputObjectType, isListType, isNonNullType, valueFromAST } from 'graphql';
import type { GraphQLInputField, GraphQLInputObjectType, GraphQLInputType, ValueNode } from 'graphql';

import { holdsUnsafeInteger, readLiteral } from './literals.js';
import { MISFIT, leafParser } from './parseLeaf.js';

/** Input objects inside one another. JSON of 2 MB can nest 300,000 of a recursive type. */
export const MAX_INPUT_DEPTH = 200;

/**
 * Coerces one JSON value to one input type, or gives MISFIT. `depth` is the number of input objects around the value.
 *
 * HOT: once per variable of a request.
 */
export type CoerceInput = (value: unknown, depth: number) => unknown;

/** Input objects and leaves belong to one schema; so do their coercers, and go with it. */
const compiled = new WeakMap<GraphQLInputType, CoerceInput>();

/** Compiles graphql-js's `coerceInputValue` for one type. Input objects compile their fields when they are first used. */
export function compileInput(type: GraphQLInputType): CoerceInput {
  if (isNonNullType(type)) return compileNonNull(compileInput(type.ofType));
  const known = compiled.get(type);
  if (known !== undefined) return known;
  const coerce = isListType(type)
    ? compileList(compileInput(type.ofType))
    : isInputObjectType(type)
      ? compileObject(type)
      : compileLeaf(leafParser(type));
  compiled.set(type, coerce);
  return coerce;
}

/** graphql-js's `valueFromAST` for a constant, but integers beyond 2^53 keep their digits. Undefined when it does not fit. */
export function coerceLiteral(literal: ValueNode, type: GraphQLInputType): unknown {
  if (!holdsUnsafeInteger(literal)) return valueFromAST(literal, type);
  const value = compileInput(type)(readLiteral(literal), 0);
  return value === MISFIT ? undefined : value;
}

/** The value of a field that the client left out; undefined when it has none. */
function defaultOfField(field: GraphQLInputField): unknown {
  const literal = field.astNode?.defaultValue;
  return literal !== undefined && holdsUnsafeInteger(literal) ? coerceLiteral(literal, field.type) : field.defaultValue;
}

function compileNonNull(coerce: CoerceInput): CoerceInput {
  return (value, depth) => (value === null || value === undefined ? MISFIT : coerce(value, depth));
}

function compileLeaf(parse: (value: unknown) => unknown): CoerceInput {
  return (value) => (value === null || value === undefined ? null : parse(value));
}

/** A value that is no list is a list of one. */
function compileList(coerce: CoerceInput): CoerceInput {
  return (value, depth) => {
    if (value === null || value === undefined) return null;
    if (!Array.isArray(value)) {
      const item = coerce(value, depth);
      return item === MISFIT ? MISFIT : [item];
    }
    const items: unknown[] = [];
    for (let i = 0; i < value.length; i++) {
      const item = coerce(value[i], depth);
      if (item === MISFIT) return MISFIT;
      items.push(item);
    }
    return items;
  };
}

interface CompiledField {
  readonly name: string;
  readonly coerce: CoerceInput;
  /** Undefined when the field has no default. */
  readonly fallback: unknown;
  readonly isRequired: boolean;
}

function compileObject(type: GraphQLInputObjectType): CoerceInput {
  let fields: ReadonlyMap<string, CompiledField> | undefined;
  return (value, depth) => {
    if (value === null || value === undefined) return null;
    if (typeof value !== 'object' || Array.isArray(value) || depth >= MAX_INPUT_DEPTH) return MISFIT;
    fields ??= compileFields(type);
    return coerceObject(value as Record<string, unknown>, fields, type.isOneOf, depth + 1);
  };
}

function compileFields(type: GraphQLInputObjectType): ReadonlyMap<string, CompiledField> {
  const fields = new Map<string, CompiledField>();
  for (const field of Object.values(type.getFields())) {
    const fallback = defaultOfField(field);
    const isRequired = isNonNullType(field.type) && fallback === undefined;
    fields.set(field.name, { name: field.name, coerce: compileInput(field.type), fallback, isRequired });
  }
  return fields;
}

function coerceObject(
  input: Record<string, unknown>,
  fields: ReadonlyMap<string, CompiledField>,
  isOneOf: boolean,
  depth: number,
): unknown {
  for (const key of Object.keys(input)) if (!fields.has(key)) return MISFIT;
  const object = Object.create(null) as Record<string, unknown>;
  let given = 0;
  for (const { name, coerce, fallback, isRequired } of fields.values()) {
    const value = Object.hasOwn(input, name) ? input[name] : undefined;
    if (value === undefined) {
      if (fallback !== undefined) object[name] = fallback;
      else if (isRequired) return MISFIT;
      continue;
    }
    const coerced = coerce(value, depth);
    if (coerced === MISFIT || (isOneOf && coerced === null)) return MISFIT;
    object[name] = coerced;
    given++;
  }
  return isOneOf && given !== 1 ? MISFIT : object;
}
