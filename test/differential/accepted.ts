/** A difference between Portico and the merged schema that we stand by, as its smallest case. */
export interface AcceptedDifference {
  readonly graph: string;
  /** What differs, as compareAnswers says it. */
  readonly difference: string;
  /** Recognises the operations that meet it. */
  readonly query: RegExp;
  /** The smallest operation that shows it; a test runs it, so that the entry goes when the difference goes. */
  readonly example: { readonly query: string; readonly variables?: Readonly<Record<string, unknown>> };
  readonly reason: string;
}

export const accepted: readonly AcceptedDifference[] = [];
