import type { ErrorCode } from './codes.js';
import { PorticoError } from './PorticoError.js';

/** A PorticoError on its way from one thread to another, where a class would be lost. */
export interface CarriedError {
  readonly kind: 'refused';
  readonly code: ErrorCode;
  readonly message: string;
  /** As JSON. */
  readonly details: string;
}

/** Packs an error. Errors: throws on whatever is no PorticoError, so that the thread dies of it. */
export function carryError(error: unknown): CarriedError {
  if (!(error instanceof PorticoError)) throw error;
  return { kind: 'refused', code: error.code, message: error.message, details: JSON.stringify(error.details) };
}

/** The error again, as the other thread had it, without its cause. */
export function carriedError({ code, message, details }: CarriedError): PorticoError {
  return new PorticoError(code, message, { details: JSON.parse(details) as PorticoError['details'] });
}
