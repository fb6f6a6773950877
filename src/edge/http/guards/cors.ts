import type { IncomingHttpHeaders } from 'node:http';

/** Pages of these origins may call the gateway from a browser. */
export interface CorsPolicy {
  /** Lower case: exact origins, `https://*.example.com`, `http://localhost:*`, or `*` for all (not with credentials). */
  readonly origins: readonly string[];
  readonly allowCredentials: boolean;
  /** Request headers that pages may send; absent for whatever the browser asks for. */
  readonly allowHeaders?: readonly string[] | undefined;
  /** Response headers that pages may read. */
  readonly exposeHeaders: readonly string[];
  readonly methods: readonly string[];
  /** How long a browser may remember the permission; absent leaves it to the browser (5 s). */
  readonly maxAgeMs?: number | undefined;
}

/** What is decided per request. Names and values alternate, as `writeHead` takes them. */
export interface Cors {
  /** For an answer. */
  headersFor(origin: string | undefined): readonly string[];
  /** For the answer to a preflight; undefined when the request is none. Without a permission for origins that have none. */
  preflight(headers: IncomingHttpHeaders): readonly string[] | undefined;
}

/** Caches must keep the answers for different origins apart, also those without permission. */
const VARY = ['vary', 'Origin'] as const;
const PREFLIGHT_VARY = ['vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'] as const;
/** Host names end at 253 characters; longer origins are nobody's. */
const MAX_ORIGIN = 512;
const MAX_ASKED_HEADERS = 4096;
/** An origin as browsers write it (Fetch standard, 3.2). Linear: no part can match what its neighbour can. */
const ORIGIN = /^([a-z][a-z0-9+.-]*):\/\/(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/;
const HEADER_LIST = /^[\w!#$%&'*+.^`|~, \t-]+$/;
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };

/**
 * Compiles CORS policies; the first one with a fitting origin counts.
 *
 * Whole origins are compared: `https://ok.example.evil.com` and `https://evil-ok.example` are not `https://ok.example`. `null` (sandboxed
 * frames, files) is never allowed. A request whose origin has no permission is executed all the same: browsers keep its answer from the
 * page, and forged requests are the business of csrf.ts. Source: Fetch standard, 3.2 and 4.8.
 */
export function compileCors(policies: readonly CorsPolicy[]): Cors {
  const compiled = policies.map(compilePolicy);
  const find = (origin: string | undefined): CompiledPolicy | undefined => {
    if (origin === undefined || origin.length > MAX_ORIGIN) return undefined;
    const parts = parseOrigin(origin);
    return parts && compiled.find((policy) => policy.allows(parts));
  };
  return {
    headersFor(origin) {
      const policy = find(origin);
      return policy === undefined ? VARY : [...VARY, ...policy.permission(origin!), ...policy.answer];
    },
    preflight(headers) {
      const method = headers['access-control-request-method'];
      if (headers.origin === undefined || method === undefined) return undefined;
      const policy = find(headers.origin);
      if (policy === undefined) return PREFLIGHT_VARY;
      const asked = headers['access-control-request-headers'];
      return [...PREFLIGHT_VARY, ...policy.permission(headers.origin), ...policy.preflight(asked)];
    },
  };
}

interface OriginParts {
  readonly scheme: string;
  readonly host: string;
  /** Empty for the usual one of the scheme. */
  readonly port: string;
}

interface CompiledPolicy {
  allows(origin: OriginParts): boolean;
  permission(origin: string): readonly string[];
  readonly answer: readonly string[];
  preflight(askedHeaders: string | undefined): readonly string[];
}

function compilePolicy(policy: CorsPolicy): CompiledPolicy {
  const { origins, allowCredentials, allowHeaders, exposeHeaders, methods, maxAgeMs } = policy;
  const any = origins.includes('*');
  // Together they would let any page act in the name of any user; the configuration refuses it, and so does this.
  if (any && allowCredentials) throw new Error('CORS: origin * and credentials exclude each other');
  const tests = origins.map(compileOrigin);
  const credentials = allowCredentials ? ['access-control-allow-credentials', 'true'] : [];
  const listed = allowHeaders?.join(', ');
  const stable = [
    'access-control-allow-methods',
    methods.join(', '),
    ...(maxAgeMs === undefined ? [] : ['access-control-max-age', String(Math.floor(maxAgeMs / 1000))]),
  ];
  return {
    allows: (origin) => tests.some((test) => test(origin)),
    permission: (origin) => ['access-control-allow-origin', any ? '*' : origin, ...credentials],
    answer: exposeHeaders.length === 0 ? [] : ['access-control-expose-headers', exposeHeaders.join(', ')],
    preflight(asked) {
      const mirrored = asked !== undefined && asked.length <= MAX_ASKED_HEADERS && HEADER_LIST.test(asked) ? asked : '';
      const headers = listed ?? mirrored;
      return headers === '' ? stable : [...stable, 'access-control-allow-headers', headers];
    },
  };
}

function compileOrigin(pattern: string): (origin: OriginParts) => boolean {
  if (pattern === '*') return () => true;
  const anyPort = pattern.endsWith(':*');
  const below = pattern.includes('://*.');
  const parts = parseOrigin(pattern.replace(/:\*$/, '').replace('://*.', '://'));
  if (parts === undefined) throw new Error(`CORS: ${pattern} is no origin`);
  const suffix = `.${parts.host}`;
  return ({ scheme, host, port }) =>
    scheme === parts.scheme &&
    (anyPort || port === parts.port) &&
    (below ? host.length > suffix.length && host.endsWith(suffix) : host === parts.host);
}

function parseOrigin(text: string): OriginParts | undefined {
  const [, scheme, host, port = ''] = ORIGIN.exec(text.toLowerCase()) ?? [];
  if (scheme === undefined || host === undefined) return undefined;
  return { scheme, host, port: port === DEFAULT_PORTS[scheme] ? '' : port };
}
