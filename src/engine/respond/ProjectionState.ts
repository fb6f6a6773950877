import { GraphQLError } from 'graphql';

import type { Fault, Faults } from '../execute/Faults.js';
import type { Run } from '../execute/Run.js';

import { JsonBytes } from './JsonBytes.js';

/** Errors sent to the client in one answer; more are counted in `extensions`. */
const MAX_ERRORS = 100;

/** Knows the client's names of what it writes. */
export interface ClientPaths {
  /** A path of internal names and indices below the value, in the client's names; as far as it can be told. */
  clientPath(steps: ReadonlyArray<string | number>): Array<string | number>;
}

/** What a writer made of an object that several places hold. */
export interface SharedText {
  /** Undefined for null. */
  readonly bytes: Uint8Array | undefined;
  /** Errors inside. */
  readonly errors: number;
}

/** What one projection carries along: where it is, what went wrong, and the text of shared entities. */
export class ProjectionState {
  readonly run: Run;
  readonly out = new JsonBytes();
  readonly faults: Faults;
  /** False in the normal case: then no place is looked up. */
  readonly isFaulty: boolean;
  readonly errors: GraphQLError[] = [];
  /** Errors found, including those beyond the cap. */
  errorCount = 0;
  /** The client's path to the current place; valid up to `depth`. */
  readonly path: Array<string | number> = [];
  depth = 0;
  /** The client's path of the object that a fault was found in. */
  #nearest: Map<Fault, Array<string | number>> | undefined;
  /** Texts of shared objects, by the slot of the writer. */
  readonly texts: Array<Map<object, SharedText> | undefined> = [];
  /** Answers of the introspection fields by the client's names. */
  readonly introspection: Readonly<Record<string, unknown>> | undefined;

  constructor(run: Run, introspection: Readonly<Record<string, unknown>> | undefined) {
    this.run = run;
    this.faults = run.faults;
    this.isFaulty = !run.faults.isEmpty;
    this.introspection = introspection;
  }

  /** Whether further errors are counted only. */
  get isFull(): boolean {
    return this.errors.length >= MAX_ERRORS;
  }

  /** A value that breaks the schema: one error at the current place. */
  invalid(message: string): void {
    this.#add(message, { code: 'INVALID_VALUE' }, this.path.slice(0, this.depth));
  }

  /**
   * Reports what is known of a place. Gives whether that explains a null there.
   *
   * @param below writes what would stand there
   * @param key the internal key (or list index) under `owner`; the client's path already ends in the client's name for it
   */
  explains(owner: object, key: string, isNull: boolean, below: ClientPaths): boolean {
    const faults = this.faults.at(owner, key);
    if (faults === undefined) return false;
    for (const fault of faults) {
      if (!fault.exact && !(isNull && fault.telling.count === 0)) continue;
      const path = this.path.slice(0, this.depth);
      if (isNull && fault.rest !== undefined) path.push(...below.clientPath(fault.rest));
      this.#report(fault, path);
    }
    return isNull;
  }

  /** Of an object that was written: what is wrong in it may concern nothing that is selected, and is then told of the object itself. */
  noteFaultsOf(owner: object, depth: number): void {
    if (depth === 0) return;
    for (const fault of this.faults.of(owner)) {
      if (!fault.exact || fault.telling.count > 0) continue;
      const nearest = (this.#nearest ??= new Map());
      if (!nearest.has(fault)) nearest.set(fault, this.path.slice(0, depth));
    }
  }

  /** Faults that no selected place showed: the client learns of them at the nearest object, or without a path. */
  reportLeftovers(): void {
    for (const fault of this.faults.all)
      if (fault.telling.count === 0 && !fault.telling.isAbsorbed) this.#report(fault, this.#nearest?.get(fault));
    this.errorCount += this.faults.dropped;
  }

  #report(fault: Fault, path: Array<string | number> | undefined): void {
    fault.telling.count++;
    this.#add(fault.message, fault.extensions, path, fault.cause);
  }

  #add(
    message: string,
    extensions: Fault['extensions'],
    path: Array<string | number> | undefined,
    cause?: unknown,
  ): void {
    this.errorCount++;
    if (this.isFull) return;
    this.errors.push(
      new GraphQLError(message, {
        ...(path !== undefined && { path }),
        extensions: { ...extensions },
        ...(cause instanceof Error && { originalError: cause }),
      }),
    );
  }
}
