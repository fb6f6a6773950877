import { describe, expect, it } from 'vitest';

import { parseHeader } from '../../../../src/supergraph/connect/template/parseHeader.js';
import { parseRequest } from '../../../../src/supergraph/connect/template/parseRequest.js';
import { parseTemplate } from '../../../../src/supergraph/connect/template/parseTemplate.js';
import { parseUrl } from '../../../../src/supergraph/connect/template/parseUrl.js';

const says = (
  result: ReturnType<typeof parseUrl> | ReturnType<typeof parseTemplate> | ReturnType<typeof parseHeader>,
): string => (result.ok ? 'understood' : `${result.problem.line}:${result.problem.column} ${result.problem.message}`);

describe('templates', () => {
  it('braces and quotes within a mapping do not end it', () => {
    const text = `a{$({ "}": '{' })->get("}")}b{$(1)}`;
    const result = parseTemplate(text);
    if (!result.ok) throw new Error(result.problem.message);
    expect(result.value.parts.map(({ kind, start, end }) => [kind, text.slice(start, end)])).toEqual([
      ['text', 'a'],
      ['hole', `$({ "}": '{' })->get("}")`],
      ['text', 'b'],
      ['hole', '$(1)'],
    ]);
  });

  const rows: readonly (readonly [text: string, message: string])[] = [
    ['a{$args.id', '1:2 This "{" has no "}"'],
    ['a}b', '1:2 This "}" has no "{"'],
    ['a{}', '1:3 Nothing is in these braces'],
    ['a\n{$args.id}{a b}', '2:12 A template needs one value here, such as {$args.id}, not fields'],
    ['x{$args.}', `1:9 Expected a name or a string behind "." but found the end`],
    [`x{$("}`, '1:5 This string has no end'],
  ];
  it.each(rows)('%j: %s', (text, message) => expect(says(parseTemplate(text))).toBe(message));
});

describe('NET-05: hosts are text', () => {
  const rows: readonly (readonly [text: string, message: string])[] = [
    ['https://{$config.host}/x', '1:10 The host must be written out and end with "/": no value can be part of it'],
    ['https://api{$config.host}', '1:13 The host must be written out and end with "/": no value can be part of it'],
    [
      'https://api.example.com:{$config.port}/x',
      '1:26 The host must be written out and end with "/": no value can be part of it',
    ],
    ['https://user:pass@example.com/x', '1:1 Credentials do not belong into a URL: send a header'],
    [
      'https://{$args.a}@example.com/x',
      '1:10 The host must be written out and end with "/": no value can be part of it',
    ],
    ['//evil.example/x', '1:1 A URL begins with http://, https:// or its path'],
    ['ftp://a.example/x', '1:1 A URL begins with http://, https:// or its path'],
    ['javascript:alert(1)', '1:1 A URL begins with http://, https:// or its path'],
    ['https:///x', '1:1 "" is no host'],
    ['https://a b/x', '1:1 "a b" is no host'],
    ['https://a.example:99999/x', '1:1 "a.example:99999" is no host'],
    ['/a#b', '1:3 A request has no fragment: leave "#…" out, or write %23'],
    ['/a\\b', '1:3 A URL has no backslashes'],
    ['/a/../b', '1:1 A path has no segment ".."'],
    ['/a/%2E./b', '1:1 A path has no segment "%2E."'],
    ['/a\u0000b', '1:3 This character cannot be in a URL'],
  ];
  it.each(rows)('%j: %s', (text, message) => expect(says(parseUrl(text))).toBe(message));

  it('origins are normal: lower case, no default port', () => {
    const origin = (text: string): string | undefined => {
      const result = parseUrl(text);
      return result.ok ? result.value.origin : undefined;
    };
    expect(origin('HTTPS://API.Example.com:443/x')).toBe('https://api.example.com');
    expect(origin('http://localhost:4001')).toBe('http://localhost:4001');
    expect(origin('http://[::1]:80/{$args.id}')).toBe('http://[::1]');
    expect(origin('/x')).toBeUndefined();
  });
});

describe('headers', () => {
  const rows: readonly (readonly [
    name: string,
    from: string | undefined,
    value: string | undefined,
    message: string,
  ])[] = [
    ['x y', undefined, 'a', '1:1 "x y" is no name of a header'],
    ['x', 'a\r\nb', undefined, '1:1 "a\r\nb" is no name of a header'],
    ['Host', undefined, 'a', '1:1 The header "Host" belongs to the connection'],
    ['transfer-encoding', undefined, 'chunked', '1:1 The header "transfer-encoding" belongs to the connection'],
    ['x', 'a', 'b', '1:1 The header "x" needs either "from" or "value"'],
    ['x', undefined, undefined, '1:1 The header "x" needs either "from" or "value"'],
    [
      'content-type',
      'content-type',
      undefined,
      '1:1 The header "content-type" says what the body is: it needs a "value"',
    ],
    [
      'content-type',
      undefined,
      '{$args.a}',
      '1:2 The header "content-type" says what the body is: no value can be part of it',
    ],
    ['x', undefined, 'a\r\nb: c', '1:1 The header "x" can hold printable ASCII and no line breaks'],
    ['x', undefined, 'a {$args', '1:3 This "{" has no "}"'],
  ];
  it.each(rows)('%s from %s value %j: %s', (name, from, value, message) => {
    expect(says(parseHeader({ name, from, value }))).toBe(message);
  });
});

describe('a request as a whole', () => {
  const nothing = { headers: [], body: undefined, path: undefined, queryParams: undefined };
  const texts = { version: '0.3', method: 'GET', url: '/x', ...nothing, restSource: undefined } as const;
  const source = { baseUrl: 'https://a.example', ...nothing };

  it('reports every problem, with the argument where it stands', () => {
    const result = parseRequest({
      ...texts,
      url: '/{$args.}',
      headers: [{ name: 'host', from: undefined, value: 'x' }],
      body: 'a {',
      path: ')',
      queryParams: ',',
      restSource: {
        baseUrl: 'nowhere:',
        headers: [{ name: '', from: undefined, value: 'x' }],
        path: '(',
        queryParams: '}',
      },
    });
    expect(result.ok ? [] : result.problems.map(({ argument }) => argument).toSorted()).toEqual([
      'http.GET',
      'http.body',
      'http.headers.0',
      'http.path',
      'http.queryParams',
      'source.http.baseURL',
      'source.http.headers.0',
      'source.http.path',
      'source.http.queryParams',
    ]);
  });

  it('needs a host, once', () => {
    const messages = (of: Parameters<typeof parseRequest>[0]): string[] => {
      const result = parseRequest(of);
      return result.ok ? [] : result.problems.map(({ argument, message }) => `${argument}: ${message}`);
    };
    expect(messages(texts)).toEqual(['http.GET: The URL needs http:// or https:// and a host']);
    expect(messages({ ...texts, restSource: { ...source, baseUrl: '/x' } })).toEqual([
      'source.http.baseURL: The URL needs http:// or https:// and a host',
    ]);
    expect(messages({ ...texts, url: 'https://b.example/', restSource: source })).toEqual([
      'http.GET: With a source, the URL has no host of its own: write the path',
    ]);
    expect(messages({ ...texts, url: 'https://b.example/' })).toEqual([]);
  });
});
