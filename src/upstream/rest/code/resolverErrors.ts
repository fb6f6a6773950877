import { GraphQLError } from 'graphql';

import { PorticoError } from '../../../base/errors/PorticoError.js';
import { failures } from '../../../base/telemetry/channels.js';
import { errorEntry } from '../Outcome.js';

/** What resolvers threw, apart from what execution says about their values. */
const thrown = new WeakSet<Error>();

/** Notes what a resolver threw, and throws it on. */
export function noteThrown(error: unknown): never {
  if (error instanceof Error) thrown.add(error);
  throw error;
}

/**
 * The errors of an execution as entries of `errors`. Mistakes in resolvers go to the log, and say nothing here; nor do values that do not fit
 * their types, which the service may have sent.
 */
export function errorEntries(subgraph: string, errors: readonly GraphQLError[]): readonly object[] {
  return errors.map((error) => {
    const { originalError, path } = error;
    if (originalError instanceof PorticoError) return errorEntry(originalError, path);
    const cause = originalError ?? error;
    if (!thrown.has(cause))
      return errorEntry(new PorticoError('INVALID_VALUE', UNFIT, { details: { subgraph } }), path);
    if (isGraphQLError(cause)) return error.toJSON();
    const message = `a resolver of ${subgraph} threw: ${cause.message}`;
    const failure = new PorticoError('INTERNAL_SERVER_ERROR', message, { details: { subgraph }, cause });
    if (failures.hasSubscribers) failures.publish({ requestId: undefined, error: failure });
    return errorEntry(failure, path);
  });
}

const UNFIT = 'A service returned a value that does not fit the schema';

/** Why nothing was answered at all, when that was for failures of the service. */
export function firstFailure(data: unknown, errors: readonly GraphQLError[]): PorticoError | undefined {
  if (errors.length === 0 || !isNothing(data)) return undefined;
  const [first, ...others] = errors.map(({ originalError }) => originalError);
  return first instanceof PorticoError && others.every((each) => each instanceof PorticoError) ? first : undefined;
}

/** Whether there is no value in the fields of the operation, nor among the entities that were asked for. */
function isNothing(data: unknown): boolean {
  if (data === null || data === undefined) return true;
  return Object.values(data).every(
    (each) => each === null || (Array.isArray(each) && each.length > 0 && each.every((entity) => entity === null)),
  );
}

/** By its name: resolvers may come with their own copy of graphql. */
function isGraphQLError(error: Error): boolean {
  return error instanceof GraphQLError || error.name === 'GraphQLError';
}
