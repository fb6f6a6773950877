import { GraphQLError, isListType, isNonNullType } from 'graphql';
import type { GraphQLOutputType } from 'graphql';

import { codes } from '../../base/errors/codes.js';
import type { Condition, Operation, Selection } from '../../engine/operation/Operation.js';

import { gateKey } from './compileGates.js';

/** Where an operation selects what the caller may not have. */
export interface RefusedPlace {
  /** In the client's names; `@` stands for each element of a list. */
  readonly path: readonly string[];
  /** All must hold for the place to be reached. */
  readonly condition: Condition;
  readonly coordinate: string;
  /** See `Gates.gateOf`. */
  readonly gateKey: string;
}

/** Errors sent in one answer; more are counted. As the projector's. */
const MAX_ERRORS = 100;

/**
 * The refused selections of an operation, outermost only. They are known without data: the same caller learns the same of the same operation
 * whatever there is, and an empty list or a missing object tells nothing.
 */
export function refusedPlaces(operation: Operation): readonly RefusedPlace[] {
  const places: RefusedPlace[] = [];
  walk(operation.selections, [], [], places);
  return places;
}

function walk(
  selections: readonly Selection[],
  path: readonly string[],
  condition: Condition,
  into: RefusedPlace[],
): void {
  for (const selection of selections) {
    const here = selection.condition === undefined ? condition : [...condition, ...selection.condition];
    if (selection.kind === 'fragment') {
      walk(selection.selections, path, here, into);
      continue;
    }
    const own = [...path, selection.clientName];
    if (selection.isRefused) {
      const { parentType, name, key } = selection;
      into.push({ path: own, condition: here, coordinate: `${parentType}.${name}`, gateKey: gateKey(parentType, key) });
    } else if (selection.selections !== undefined) {
      walk(selection.selections, [...own, ...listSteps(selection.type)], here, into);
    }
  }
}

function listSteps(type: GraphQLOutputType): string[] {
  if (isNonNullType(type)) return listSteps(type.ofType);
  return isListType(type) ? ['@', ...listSteps(type.ofType)] : [];
}

/** What of an operation is refused under certain conditions, ready to be said. */
export interface Refused {
  readonly places: readonly RefusedPlace[];
  /** One for each path. */
  readonly errors: readonly GraphQLError[];
  /** Errors beyond those. */
  readonly droppedErrors: number;
}

export function refusedHere(places: readonly RefusedPlace[], includes: (condition: Condition) => boolean): Refused {
  const reached = places.filter(({ condition }) => includes(condition));
  const paths = new Map(reached.map(({ path }) => [path.join('\n'), path]));
  const errors = [...paths.values()].slice(0, MAX_ERRORS).map(
    (path) =>
      new GraphQLError(codes.UNAUTHORIZED_FIELD_OR_TYPE.summary, {
        path,
        extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' },
      }),
  );
  return { places: reached, errors, droppedErrors: paths.size - errors.length };
}

/** The same for an operation that is refused as a whole: their code then sets the status of the answer. */
export function asRequestErrors(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  return errors.map(({ message, path, extensions }) => {
    const { status } = codes.UNAUTHORIZED_FIELD_OR_TYPE;
    return new GraphQLError(message, { path: path ?? null, extensions: { ...extensions, http: { status } } });
  });
}
