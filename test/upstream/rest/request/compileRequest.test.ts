import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseRequest } from '../../../../src/supergraph/connect/template/parseRequest.js';
import type { RequestTexts } from '../../../../src/supergraph/connect/template/parseRequest.js';
import { compileRequest } from '../../../../src/upstream/rest/request/compileRequest.js';
import type { BuiltRequest, RestRequest } from '../../../../src/upstream/rest/request/RestRequest.js';

type Texts = Partial<Omit<RequestTexts, 'restSource'>> & {
  readonly restSource?: Partial<NonNullable<RequestTexts['restSource']>>;
};

function build(
  texts: Texts,
  args: Readonly<Record<string, unknown>> = {},
  client: Readonly<Record<string, string | string[]>> = {},
): BuiltRequest {
  const nothing = { headers: [], body: undefined, path: undefined, queryParams: undefined };
  const { restSource = { baseUrl: 'https://api.example.com/v1' }, ...own } = texts;
  const parsed = parseRequest({
    version: '0.3',
    method: 'GET',
    url: '/',
    ...nothing,
    ...own,
    restSource: { baseUrl: 'https://api.example.com', ...nothing, ...restSource },
  });
  if (!parsed.ok) throw new Error(parsed.problems[0]!.message);
  const variables = { $args: args, $config: { key: 'k1', version: 2 } };
  return compileRequest(parsed.value)({ variables, clientHeader: (name) => client[name] });
}

function request(...parameters: Parameters<typeof build>): RestRequest {
  const built = build(...parameters);
  if (!built.ok) throw new Error(built.faults.at(-1)!.message);
  return built.request;
}

function refusal(...parameters: Parameters<typeof build>): string {
  const built = build(...parameters);
  if (built.ok) throw new Error(`built ${JSON.stringify(built.request)}`);
  const { place, message } = built.faults.at(-1)!;
  return `${place}: ${message}`;
}

describe('what a connector sends', () => {
  const rows: readonly (readonly [texts: Texts, args: Record<string, unknown>, path: string])[] = [
    [{ url: '/products/{$args.id}' }, { id: 7 }, '/v1/products/7'],
    [
      { url: '/products/{$args.id}.json?a={$args.b}&c=d' },
      { id: 'x', b: 'ü&=' },
      '/v1/products/x.json?a=%C3%BC%26%3D&c=d',
    ],
    [{ url: 'products' }, {}, '/v1/products'],
    [{ url: '/' }, {}, '/v1'],
    [{ url: '' }, {}, '/v1'],
    [{ url: '/list/' }, {}, '/v1/list/'],
    [{ url: '/a b/"ü"/%41?q=a b' }, {}, '/v1/a%20b/%22%C3%BC%22/%41?q=a%20b'],
    [{ url: '?a={$args.a}' }, { a: null }, '/v1?a='],
    [{ url: '/x?flag&{$args.n}=1' }, { n: 'a=b&c' }, '/v1/x?flag&a%3Db%26c=1'],
    [{ url: '\n  /a\n  ?b={$args.b}\n  &c=1\n' }, { b: true }, '/v1/a  ?b=true  &c=1'.replaceAll('  ', '%20%20')],
    [{ url: '/x', restSource: { baseUrl: 'https://h.example' } }, {}, '/x'],
    [{ url: '/', restSource: { baseUrl: 'https://h.example/' } }, {}, '/'],
    [{ url: '/x', restSource: { baseUrl: 'https://h.example/a/?k={$config.key}' } }, {}, '/a/x?k=k1'],
    [{ url: '/x', restSource: { baseUrl: 'https://h.example/v{$config.version}/' } }, {}, '/v2/x'],
    [{ url: '/x', path: '$(["a", $args.id, 3])' }, { id: 'b/c' }, '/v1/x/a/b%2Fc/3'],
    [
      { url: '/x', restSource: { baseUrl: 'https://h.example/b', path: '$(["s"])', queryParams: 's: $(1)' } },
      {},
      '/b/s/x?s=1',
    ],
    [
      { url: '/x?a=1', queryParams: 'b: $args.b c: $args.c d: $(null)' },
      { b: [1, 'x&y'], c: 'z' },
      '/v1/x?a=1&b=1&b=x%26y&c=z',
    ],
    [{ url: '/x', queryParams: '"a[b]": $(1)' }, {}, '/v1/x?a%5Bb%5D=1'],
    [{ url: '/x', queryParams: '$args.filter' }, { filter: { 'a&b=': 'c' } }, '/v1/x?a%26b%3D=c'],
    [{ url: '/x?ids={$args.ids->joinNotNull(",")}' }, { ids: [1, null, 'b,c'] }, '/v1/x?ids=1%2Cb%2Cc'],
    [{ url: '/x?q={$({ a: $args.q }).a}' }, { q: 9007199254740993n }, '/v1/x?q=9007199254740993'],
  ];
  it.each(rows)('%j with %o', (texts, args, path) => {
    expect(request(texts, args).path).toBe(path);
  });

  it('headers: from the client, from a template, the connector before the source', () => {
    const texts: Texts = {
      headers: [
        { name: 'X-Key', from: undefined, value: 'Key {$config.key}' },
        { name: 'x-missing', from: undefined, value: '{$args.none}' },
        { name: 'accept', from: undefined, value: 'text/plain' },
      ],
      restSource: {
        headers: [
          { name: 'x-key', from: undefined, value: 'of the source' },
          { name: 'authorization', from: 'Authorization', value: undefined },
          { name: 'x-many', from: 'x-many', value: undefined },
          { name: 'x-none', from: 'x-none', value: undefined },
        ],
      },
    };
    const client = { authorization: 'Bearer t', 'x-many': ['a', 'b'] };
    expect(request(texts, {}, client).headers).toEqual([
      ['authorization', 'Bearer t'],
      ['x-many', 'a'],
      ['x-many', 'b'],
      ['x-key', 'Key k1'],
      ['accept', 'text/plain'],
    ]);
  });

  it('bodies: JSON, or a form where the content-type says so', () => {
    const body = 'name: $args.name nested: { list: $args.list none: $(null) }';
    const args = { name: 'a&b="c"\n', list: [1, { x: 'ü' }] };
    const json = request({ method: 'POST', body }, args);
    expect(json.headers).toEqual([['content-type', 'application/json']]);
    expect(JSON.parse(json.body!)).toEqual({ name: args.name, nested: { list: args.list, none: null } });
    const headers = [{ name: 'Content-Type', from: undefined, value: 'application/x-www-form-urlencoded' }];
    const form = request({ method: 'POST', body, headers }, args);
    expect(form.headers).toEqual([['content-type', 'application/x-www-form-urlencoded']]);
    expect([...new URLSearchParams(form.body)]).toEqual([
      ['name', args.name],
      ['nested[list][0]', '1'],
      ['nested[list][1][x]', 'ü'],
      ['nested[none]', ''],
    ]);
    expect(request({ method: 'POST', body: '$args.gone' }).body).toBeUndefined();
    expect(request({ method: 'POST', body: '$args.n' }, { n: 9007199254740993n }).body).toBe('9007199254740993');
  });

  it('tells what was missing, and sends the rest', () => {
    const built = build({ url: '/x?a={$args.gone}' });
    expect(built).toMatchObject({
      ok: true,
      request: { path: '/v1/x?a=' },
      faults: [{ place: 'url', message: 'There is no "gone" in object', path: ['$args', 'gone'] }],
    });
  });
});

const whole = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');

/** NET-05 and TOOL-18, and what came to mind beyond them. */
const ATTACKS: readonly string[] = [
  ...[
    '../../admin',
    '%2e%2e%2f',
    '..%2fadmin',
    '%252e%252e',
    ';x',
    '?a=b',
    '#',
    '#frag',
    '//evil.com',
    'http://evil.com',
  ],
  ...[
    '\\\\evil',
    '\\..\\admin',
    '@evil.com',
    'user:pass@evil.com',
    ':8080',
    '&admin=true',
    'a&b=c',
    'a=b',
    '+',
    ' ',
    '\t',
  ],
  ...[
    '\r\nX-Evil: 1',
    '\n',
    '\r',
    '\0',
    '\u2028',
    'a\u0000b',
    '%',
    '%00',
    '%0d%0aSet-Cookie: a=b',
    '\ud800',
    '😀',
    'é',
  ],
  ...[
    '{$config.key}',
    '${7*7}',
    "' OR 1=1 --",
    '<script>',
    '"',
    "'",
    '`',
    '/',
    'a/b',
    'a//b',
    '/etc/passwd',
    '[',
    ']',
    '|',
    '^',
  ],
  'x'.repeat(5000),
];

describe('NET-05: no value reaches beyond its place', () => {
  it.each(ATTACKS.map((attack) => [attack]))('%j', (attack) => {
    const { path } = request({ url: '/a/{$args.v}/b?q={$args.v}&r=1' }, { v: attack });
    expect(path).toMatch(/^[!-~]+$/);
    const url = new URL(`https://api.example.com${path}`);
    expect(url.origin).toBe('https://api.example.com');
    expect(url.hash).toBe('');
    expect(`${url.pathname}${url.search}`).toBe(path);
    const segments = url.pathname.split('/');
    expect([segments.length, segments[1], segments[2], segments[4]]).toEqual([5, 'v1', 'a', 'b']);
    expect(decodeURIComponent(segments[3]!)).toBe(whole(attack));
    expect([...url.searchParams]).toEqual([
      ['q', whole(attack)],
      ['r', '1'],
    ]);
  });

  it('what would be another path is refused: nothing, one dot, two dots', () => {
    for (const url of ['/a/{$args.v}/b', '/a/{$args.v}', '/{$args.v}']) {
      expect(refusal({ url }, { v: '' })).toBe('url: A segment of the path has no value');
      expect(refusal({ url }, { v: null })).toBe('url: A segment of the path has no value');
      expect(refusal({ url }, {})).toBe('url: A segment of the path has no value');
      expect(refusal({ url }, { v: '.' })).toBe('url: A segment of the path would be "." or ".."');
      expect(refusal({ url }, { v: '..' })).toBe('url: A segment of the path would be "." or ".."');
      expect(refusal({ url }, { v: ['a'] })).toBe('url: A template takes scalars, not array (there is ->joinNotNull)');
      expect(refusal({ url }, { v: { a: 1 } })).toContain('not object');
    }
    expect(refusal({ url: '/a/.{$args.v}' }, { v: '.' })).toContain('".."');
    expect(refusal({ url: '/a/%2e{$args.v}' }, { v: '.' })).toContain('".."');
    expect(refusal({ path: '$(["a", $args.v])' }, { v: '..' })).toContain('".."');
    expect(refusal({ path: '$(["a", $args.v])' }, { v: null })).toBe('path: A segment of the path has no value');
    expect(refusal({ path: '$args.v' }, { v: 'a/b' })).toBe('path: "path" makes a list of segments, not string');
    expect(refusal({ path: '$args.v' }, { v: [['a']] })).toContain('scalar');
    expect(refusal({ queryParams: '$args.v' }, { v: 'a=b' })).toContain('object');
    expect(refusal({ queryParams: 'a: $args.v' }, { v: { b: 1 } })).toContain('scalar');
  });

  it('NET-06: a URL has a length, whatever the list', () => {
    const v = Array.from({ length: 10_000 }, (_, index) => index);
    expect(refusal({ url: '/x?a={$args.v->joinNotNull(",")}' }, { v })).toBe(
      'url: The URL is longer than 16000 characters',
    );
    expect(refusal({ queryParams: 'a: $args.v' }, { v })).toContain('longer');
    expect(refusal({ url: '/{$args.v}' }, { v: 'x'.repeat(65_536) })).toContain('longer');
  });

  it('NET-05: a header takes no line break, no control character and nothing but ASCII', () => {
    const headers = [{ name: 'x-value', from: undefined, value: 'a {$args.v}' }];
    for (const v of ['\r\nx-evil: 1', '\n', '\r', '\0', 'é', '\u007f', '\ud800']) {
      expect(refusal({ headers }, { v })).toBe('header x-value: A header holds printable ASCII and no line breaks');
    }
    expect(request({ headers }, { v: 'b: c, d; e="f"' }).headers).toEqual([['x-value', 'a b: c, d; e="f"']]);
    const fromClient = [{ name: 'x-value', from: 'x-in', value: undefined }];
    expect(refusal({ headers: fromClient }, {}, { 'x-in': 'a\r\nb: c' })).toContain('line breaks');
  });

  it('any text stays in its place (path, query, form, JSON)', () => {
    const form = [{ name: 'content-type', from: undefined, value: 'application/x-www-form-urlencoded' }];
    const texts: Texts = {
      method: 'POST',
      url: '/a/x{$args.v}/b?q={$args.v}',
      queryParams: 'r: $args.v',
      body: 'v: $args.v w: $(1)',
    };
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (v) => {
        const sent = request(texts, { v });
        const url = new URL(`https://api.example.com${sent.path}`);
        expect(`${url.pathname}${url.search}`).toBe(sent.path);
        const segments = url.pathname.split('/').map(decodeURIComponent);
        expect(segments).toEqual(['', 'v1', 'a', `x${whole(v)}`, 'b']);
        expect([...url.searchParams]).toEqual([
          ['q', whole(v)],
          ['r', whole(v)],
        ]);
        expect(JSON.parse(sent.body!)).toEqual({ v, w: 1 });
        const encoded = request({ ...texts, headers: form }, { v }).body!;
        expect(encoded).toMatch(/^[!-~]+$/);
        expect([...new URLSearchParams(encoded)]).toEqual([
          ['v', whole(v)],
          ['w', '1'],
        ]);
      }),
      { numRuns: 300 },
    );
  });
});
