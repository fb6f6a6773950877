import { PorticoError } from '../base/errors/PorticoError.js';

/** Writes what went wrong as one line for a person: the message of an expected failure, the stack of a bug only. */
export function reportError(error: unknown): void {
  if (error instanceof PorticoError) {
    process.stderr.write(`error: ${error.message} (${error.code})\n`);
  } else if (isSystemError(error)) {
    process.stderr.write(`error: ${error.message}\n`);
  } else {
    process.stderr.write(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
}

/** Failures of the operating system say what they are about: `listen EADDRINUSE: address already in use 127.0.0.1:4000`. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
