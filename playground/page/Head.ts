/** What the head of an answer says about limits. */
export interface Head {
  readonly status: number;
  readonly limits: readonly Limit[];
  /** In seconds; undefined when nothing was refused as a whole. */
  readonly retryAfter: string | undefined;
}

export interface Limit {
  readonly policy: string;
  /** What may be taken in a window; undefined when the head does not say. */
  readonly max: number | undefined;
  readonly remaining: number;
  /** Until something is free again. */
  readonly resetSeconds: number;
}

/** An item of a structured list (RFC 9651): a quoted name and its parameters. */
const ITEM = /"((?:[^"\\]|\\.)*)"((?:;[a-z]+=[^;,]*)*)/g;

/** Reads `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10). */
export function readHead({ status, headers }: Response): Head {
  const policies = new Map(readItems(headers.get('ratelimit-policy')));
  const limits = readItems(headers.get('ratelimit')).map(([policy, values]) => ({
    policy,
    max: policies.get(policy)?.get('q'),
    remaining: values.get('r') ?? 0,
    resetSeconds: values.get('t') ?? 0,
  }));
  return { status, limits, retryAfter: headers.get('retry-after') ?? undefined };
}

function readItems(header: string | null): ReadonlyArray<readonly [name: string, values: Map<string, number>]> {
  return [...(header ?? '').matchAll(ITEM)].map(([, name = '', parameters = '']) => {
    const pairs = parameters.split(';').flatMap((each) => {
      const [key, value] = each.split('=');
      return value === undefined ? [] : [[key!, Number(value)] as const];
    });
    return [name, new Map(pairs)] as const;
  });
}
