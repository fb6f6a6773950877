export interface EngineError {
  readonly message: string;
  readonly path: readonly (string | number)[] | undefined;
  readonly code: unknown;
}

/** What an engine answered, in a form that can be compared. */
export interface Answer {
  /** `data` as JSON text, so that key order and names like `__proto__` count; absent when there is none. */
  readonly data: string | undefined;
  readonly errors: readonly EngineError[];
}

/** Something that answers operations of one graph. */
export interface Engine {
  readonly name: string;
  answer(query: string, variables: Readonly<Record<string, unknown>>): Promise<Answer>;
  close(): Promise<void>;
}

interface FormattedError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

export function toAnswer(data: unknown, errors: readonly FormattedError[] | undefined): Answer {
  return {
    data: data === undefined ? undefined : JSON.stringify(data),
    errors: (errors ?? []).map(({ message, path, extensions }) => ({ message, path, code: extensions?.['code'] })),
  };
}
