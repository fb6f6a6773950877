import { isInputType, print, typeFromAST } from 'graphql';
import type { GraphQLError, GraphQLInputType, GraphQLSchema, VariableDefinitionNode } from 'graphql';

import { coerceLiteral, compileInput } from './compileInput.js';
import type { CoerceInput } from './compileInput.js';
import { explainInput } from './explainInput.js';
import { inspectValue } from './inspectValue.js';
import { MISFIT } from './parseLeaf.js';
import { requestError } from './requestError.js';

/** More are not reported; the last one then says so. */
const MAX_ERRORS = 50;

/** Coerced variables, defaults included: own properties of an object without prototype. A variable without a value is absent. */
export type VariableValues = Readonly<Record<string, unknown>>;

export type CoercedVariables = { readonly values: VariableValues } | { readonly errors: readonly GraphQLError[] };

/** @param input as the client sent them; integers beyond 2^53 may be `bigint` */
export type CoerceVariables = (input: Readonly<Record<string, unknown>> | undefined) => CoercedVariables;

interface CompiledVariable {
  readonly name: string;
  readonly definition: VariableDefinitionNode;
  readonly type: GraphQLInputType;
  readonly coerce: CoerceInput;
  readonly isRequired: boolean;
  /** Undefined when there is none. */
  readonly fallback: unknown;
}

/**
 * Compiles graphql-js's `getVariableValues` for the variables of one operation. Apollo Server does not coerce variables for a gateway.
 *
 * Differences, all on purpose: `bigint` is taken (see parseLeaf.ts), messages are bounded and without suggestions, at most 50 errors
 * (code BAD_USER_INPUT, status 400), input objects nest at most 200 levels, and nothing inherited is ever read.
 *
 * HOT: the function it gives runs once per request.
 */
export function compileVariables(
  definitions: readonly VariableDefinitionNode[],
  schema: GraphQLSchema,
): CoerceVariables {
  const variables: CompiledVariable[] = [];
  const unusable: GraphQLError[] = [];
  for (const definition of definitions) {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type);
    if (!isInputType(type)) {
      // Validation has refused it already.
      const text = `Variable "$${name}" expected value of type "${print(definition.type)}" which cannot be used as an input type.`;
      unusable.push(requestError('BAD_USER_INPUT', text, definition.type));
      continue;
    }
    const fallback = definition.defaultValue && coerceLiteral(definition.defaultValue, type);
    const isRequired = definition.defaultValue === undefined && definition.type.kind === 'NonNullType';
    variables.push({ name, definition, type, coerce: compileInput(type), isRequired, fallback });
  }
  if (unusable.length > 0) return () => ({ errors: unusable.slice(0, MAX_ERRORS) });

  return (input = NONE) => {
    const values = Object.create(null) as Record<string, unknown>;
    for (let i = 0; i < variables.length; i++) {
      const { name, coerce, isRequired, fallback } = variables[i]!;
      if (Object.hasOwn(input, name)) {
        const value = coerce(input[name], 0);
        if (value === MISFIT) return { errors: explain(variables, input) };
        values[name] = value;
      } else if (isRequired) {
        return { errors: explain(variables, input) };
      } else if (fallback !== undefined) {
        values[name] = fallback;
      }
    }
    return { values };
  };
}

const NONE: Readonly<Record<string, unknown>> = Object.freeze(Object.create(null) as Record<string, unknown>);

function explain(variables: readonly CompiledVariable[], input: Readonly<Record<string, unknown>>): GraphQLError[] {
  const errors: GraphQLError[] = [];
  const tooMany = requestError('BAD_USER_INPUT', TOO_MANY);
  // One object may be reported for each of its keys: it is printed once.
  const printed = new Map<unknown, string>();
  const add = (message: string, node?: VariableDefinitionNode): void => {
    if (errors.length === MAX_ERRORS) {
      errors[MAX_ERRORS - 1] = tooMany;
      throw tooMany;
    }
    errors.push(requestError('BAD_USER_INPUT', message, node));
  };
  try {
    for (const { name, definition, type, isRequired } of variables) {
      const prefix = `Variable "$${name}"`;
      if (!Object.hasOwn(input, name)) {
        if (isRequired) add(`${prefix} of required type "${String(type)}" was not provided.`, definition);
      } else if (input[name] === null && definition.type.kind === 'NonNullType') {
        add(`${prefix} of non-null type "${String(type)}" must not be null.`, definition);
      } else {
        explainInput(input[name], type, (path, value, message) => {
          let text = printed.get(value);
          if (text === undefined) printed.set(value, (text = inspectValue(value)));
          add(
            `${prefix} got invalid value ${text}${path === '' ? '' : ` at "${name}${path}"`}; ${message}`,
            definition,
          );
        });
      }
    }
  } catch (error) {
    if (error !== tooMany) throw error;
  }
  return errors;
}

const TOO_MANY = 'Too many errors processing variables, error limit reached. Execution aborted.';
