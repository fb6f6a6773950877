/** What a GraphQL server answers, as far as tests look at it. */
export interface GraphQLAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: ReadonlyArray<{
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Record<string, unknown>;
  }>;
  readonly extensions?: Record<string, unknown>;
}

export interface PostedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: GraphQLAnswer;
}

/** POSTs JSON with sane headers. @param body `{ query }`; a text is sent as it is. Errors: as `fetch`, and for an answer that is no JSON. */
export async function postGraphQL(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<PostedAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal !== undefined && { signal }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: JSON.parse(text) as GraphQLAnswer };
}

/** Long enough for a stalled machine. */
const ASK_MS = 30_000;

/** The answer to an operation, over a connection that ends with it: for gateways that are stopped and started. */
export async function askOnce(url: string, query: string): Promise<GraphQLAnswer> {
  return (await postGraphQL(url, { query }, { connection: 'close' }, AbortSignal.timeout(ASK_MS))).json;
}
