import { PorticoError } from '../base/errors/PorticoError.js';
import { CompositionError } from '../supergraph/compose/CompositionError.js';
import { printProblem } from '../supergraph/compose/problems.js';
import { Failure } from './Failure.js';

/** Writes what went wrong for a person, a line for each mistake: the message of an expected failure, the stack of a bug only. */
export function reportError(error: unknown): void {
  for (const line of describe(error)) process.stderr.write(`error: ${line}\n`);
}

function describe(error: unknown): readonly string[] {
  if (error instanceof Failure) return error.lines;
  if (error instanceof CompositionError) return error.problems.map(printProblem);
  if (error instanceof PorticoError) return [`${error.message} (${error.code})`];
  if (isSystemError(error)) return [error.message];
  return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
}

/** Failures of the operating system say what they are about: `listen EADDRINUSE: address already in use 127.0.0.1:4000`. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
