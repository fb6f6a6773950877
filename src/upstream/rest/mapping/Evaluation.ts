import type { Span } from '../../../supergraph/connect/mapping/Mapping.js';

/** What could not be mapped. Says types and names, never values: it may reach logs, and values are the service's. */
export interface EvaluationProblem {
  readonly message: string;
  /** From the root of the input, or from a variable (`['$args', 'id']`). Methods are steps too (`'->first'`). */
  readonly path: readonly (string | number)[];
  /** In the text of the mapping. */
  readonly span: Span;
}

/** Where a value came from, leaf to root; undefined is the root. */
export type Location = { readonly parent: Location; readonly key: string | number } | undefined;

/** What `$` means, and what `->as` has named. */
export interface Frame {
  readonly value: unknown;
  readonly location: Location;
  readonly locals: Locals | undefined;
}

export interface Locals {
  readonly name: string;
  readonly value: unknown;
  readonly outer: Locals | undefined;
}

/** A compiled part of a mapping: `value` goes in (it is `@`), a JSON value comes out; undefined when there is none. */
export type Step = (evaluation: Evaluation, frame: Frame, value: unknown, location: Location) => unknown;

/** Problems beyond this many are not kept: a list of a thousand wrong elements says nothing new. */
const MAX_PROBLEMS = 100;

/** Lists within lists within … in what is mapped. */
const MAX_DEPTH = 1000;

/** Ends an evaluation; caught by its door function. */
export class EvaluationEnd extends Error {}

/** One run of a mapping: what it may read, what it may still do, and what went wrong. */
export class Evaluation {
  readonly problems: EvaluationProblem[] = [];
  private readonly variables: Readonly<Record<string, unknown>>;
  private left: number;
  private depth = 0;
  private muted = 0;

  constructor(variables: Readonly<Record<string, unknown>>, maxWork: number) {
    this.variables = variables;
    this.left = maxWork;
  }

  /** The value of `$name`; undefined where there is none. */
  variable(name: string): unknown {
    return Object.hasOwn(this.variables, name) ? this.variables[name] : undefined;
  }

  report(message: string, location: Location, span: Span): undefined {
    if (this.muted === 0 && this.problems.length < MAX_PROBLEMS) {
      this.problems.push({ message, path: pathTo(location), span: { start: span.start, end: span.end } });
    }
    return undefined;
  }

  /** Counts work, roughly in values made. Throws EvaluationEnd when there was too much. */
  spend(work: number): void {
    this.left -= work;
    if (this.left < 0) throw new EvaluationEnd('The mapping makes too much of this input');
  }

  /** Runs `inner` one level deeper. */
  deeper<Value>(inner: () => Value): Value {
    if (++this.depth > MAX_DEPTH) throw new EvaluationEnd(`The input is nested deeper than ${MAX_DEPTH} levels`);
    const value = inner();
    this.depth--;
    return value;
  }

  /** Runs `inner` without keeping its problems. */
  quietly<Value>(inner: () => Value): Value {
    this.muted++;
    const value = inner();
    this.muted--;
    return value;
  }
}

export function pathTo(location: Location): (string | number)[] {
  const path: (string | number)[] = [];
  for (let at = location; at !== undefined; at = at.parent) path.push(at.key);
  return path.reverse();
}
