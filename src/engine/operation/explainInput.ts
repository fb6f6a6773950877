import { isInputObjectType, isListType, isNonNullType } from 'graphql';
import type { GraphQLInputObjectType, GraphQLInputType } from 'graphql';

import { MAX_INPUT_DEPTH } from './compileInput.js';
import { MISFIT, explainLeaf, leafParser } from './parseLeaf.js';

/** Where inside the value of a variable: `.field` and `[index]` steps, joined. */
type Path = string;
/** @param path of the value that does not fit; `at` of the one it is reported at */
export type ReportMisfit = (path: Path, value: unknown, message: string) => void;

/**
 * Says why a value does not fit, in graphql-js's words and order (`coerceInputValue` without suggestions). The slow twin of
 * `compileInput`, for values that it refused. `report` may throw to stop the walk.
 */
export function explainInput(
  value: unknown,
  type: GraphQLInputType,
  report: ReportMisfit,
  path: Path = '',
  depth = 0,
): void {
  if (isNonNullType(type)) {
    if (value !== null && value !== undefined) return explainInput(value, type.ofType, report, path, depth);
    return report(path, value, `Expected non-nullable type "${String(type)}" not to be null.`);
  }
  if (value === null || value === undefined) return;
  if (isListType(type)) {
    if (!Array.isArray(value)) return explainInput(value, type.ofType, report, path, depth);
    for (let i = 0; i < value.length; i++) explainInput(value[i], type.ofType, report, `${path}[${i}]`, depth);
    return;
  }
  if (!isInputObjectType(type)) {
    if (leafParser(type)(value) === MISFIT) report(path, value, explainLeaf(type, value));
    return;
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    return report(path, value, `Expected type "${type.name}" to be an object.`);
  }
  if (depth >= MAX_INPUT_DEPTH) {
    return report(path, value, `Input objects nest more than ${MAX_INPUT_DEPTH} levels.`);
  }
  explainObject(value as Record<string, unknown>, type, report, path, depth + 1);
}

function explainObject(
  input: Record<string, unknown>,
  type: GraphQLInputObjectType,
  report: ReportMisfit,
  path: Path,
  depth: number,
): void {
  const fields = type.getFields();
  const given: string[] = [];
  for (const field of Object.values(fields)) {
    const value = Object.hasOwn(input, field.name) ? input[field.name] : undefined;
    if (value !== undefined) {
      given.push(field.name);
      explainInput(value, field.type, report, `${path}.${field.name}`, depth);
    } else if (field.defaultValue === undefined && isNonNullType(field.type)) {
      report(path, input, `Field "${field.name}" of required type "${String(field.type)}" was not provided.`);
    }
  }
  for (const name of Object.keys(input)) {
    if (!Object.hasOwn(fields, name)) report(path, input, `Field "${name}" is not defined by type "${type.name}".`);
  }
  if (!type.isOneOf) return;
  const [only] = given;
  if (given.length !== 1) report(path, input, `Exactly one key must be specified for OneOf type "${type.name}".`);
  if (only !== undefined && input[only] === null) report(`${path}.${only}`, null, `Field "${only}" must be non-null.`);
}
