import { GraphQLError, isEnumType, isSpecifiedScalarType } from 'graphql';
import type { GraphQLLeafType } from 'graphql';

import { inspectValue } from './inspectValue.js';

const MAX_INT = 2_147_483_647;
const MIN_INT = -2_147_483_648;
/** How deep a value of a custom scalar may nest: what is written and read by recursive code elsewhere. */
const MAX_SCALAR_DEPTH = 200;

/** What a parser of leaves gives for a value that does not fit. */
export const MISFIT: unique symbol = Symbol('misfit');

/**
 * The parser of one scalar or enum for values from JSON, as graphql-js's `parseValue`, but it never throws, and takes the `bigint` that
 * our JSON reader makes of integers beyond 2^53: an ID keeps its digits, a Float rounds, a custom scalar gets it untouched.
 */
export function leafParser(type: GraphQLLeafType): (value: unknown) => unknown {
  if (isEnumType(type)) {
    const values = new Map<unknown, unknown>(type.getValues().map((each) => [each.name, each.value]));
    return (value) => (values.has(value) ? values.get(value) : MISFIT);
  }
  if (isSpecifiedScalarType(type)) {
    switch (type.name) {
      case 'ID':
        return parseId;
      case 'Int':
        return parseInt32;
      case 'Float':
        return parseFloat64;
      case 'String':
        return (value) => (typeof value === 'string' ? value : MISFIT);
      case 'Boolean':
        return (value) => (typeof value === 'boolean' ? value : MISFIT);
    }
  }
  return (value) => {
    if (unsendable(value) !== undefined) return MISFIT;
    try {
      const parsed = type.parseValue(value);
      return parsed === undefined ? MISFIT : parsed;
    } catch {
      return MISFIT;
    }
  };
}

/** Why a leaf refused the value, in graphql-js's words but bounded, and without suggestions. */
export function explainLeaf(type: GraphQLLeafType, value: unknown): string {
  if (isEnumType(type)) {
    return typeof value === 'string'
      ? `Value "${value}" does not exist in "${type.name}" enum.`
      : `Enum "${type.name}" cannot represent non-string value: ${inspectValue(value)}.`;
  }
  if (isSpecifiedScalarType(type)) {
    const isInteger = typeof value === 'bigint' || Number.isInteger(value);
    switch (type.name) {
      case 'ID':
        return `ID cannot represent value: ${inspectValue(value)}`;
      case 'Int':
        return isInteger
          ? `Int cannot represent non 32-bit signed integer value: ${String(value)}`
          : `Int cannot represent non-integer value: ${inspectValue(value)}`;
      case 'Float':
        return `Float cannot represent non numeric value: ${inspectValue(value)}`;
      case 'String':
        return `String cannot represent a non string value: ${inspectValue(value)}`;
      case 'Boolean':
        return `Boolean cannot represent a non boolean value: ${inspectValue(value)}`;
    }
  }
  const problem = unsendable(value);
  if (problem !== undefined) return `Expected type "${type.name}". ${problem}`;
  try {
    type.parseValue(value);
  } catch (error) {
    const { message } = error as Error;
    return error instanceof GraphQLError ? message : `Expected type "${type.name}". ${message}`;
  }
  return `Expected type "${type.name}".`;
}

function parseId(value: unknown): unknown {
  if (typeof value === 'string') return value;
  return (typeof value === 'number' && Number.isInteger(value)) || typeof value === 'bigint'
    ? value.toString()
    : MISFIT;
}

function parseInt32(value: unknown): unknown {
  return typeof value === 'number' && Number.isInteger(value) && value <= MAX_INT && value >= MIN_INT ? value : MISFIT;
}

function parseFloat64(value: unknown): unknown {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : MISFIT;
}

/** Why a value of a custom scalar cannot be handed on as it is; undefined when it can. */
function unsendable(value: unknown): string | undefined {
  if (typeof value !== 'object') return isInfinite(value) ? TOO_LARGE : undefined;
  let level: object[] = value === null ? [] : [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === MAX_SCALAR_DEPTH) return `It nests more than ${MAX_SCALAR_DEPTH} levels.`;
    const next: object[] = [];
    for (const each of level) {
      for (const child of Object.values(each) as unknown[]) {
        if (typeof child === 'object' && child !== null) next.push(child);
        else if (isInfinite(child)) return TOO_LARGE;
      }
    }
    level = next;
  }
  return undefined;
}

/** What `1e400` is read as. It would be sent as null. */
function isInfinite(value: unknown): boolean {
  return typeof value === 'number' && !Number.isFinite(value);
}

const TOO_LARGE = 'A number in it is too large.';
