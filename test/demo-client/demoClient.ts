import type { TypedDocumentString } from './generated/graphql.js';

export interface DemoAnswer<Result> {
  readonly data?: Result | null;
  readonly errors?: ReadonlyArray<{
    readonly message: string;
    readonly extensions?: Readonly<Record<string, unknown>>;
  }>;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Sends a typed document to a gateway, as a web client of the demo shop would. */
export async function askGateway<Result, Variables>(
  url: string,
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
): Promise<DemoAnswer<Result>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: document.toString(), variables }),
  });
  return (await response.json()) as DemoAnswer<Result>;
}
