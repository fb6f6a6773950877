import { parseConstValue, valueFromASTUntyped } from 'graphql';
import { describe, expect, it } from 'vitest';

import { methodNames } from '../../src/supergraph/connect/mapping/methods.js';
import { parseSelection } from '../../src/supergraph/connect/mapping/parseSelection.js';
import type { HeaderTexts } from '../../src/supergraph/connect/template/parseHeader.js';
import { parseRequest } from '../../src/supergraph/connect/template/parseRequest.js';
import { compileMapping } from '../../src/upstream/rest/mapping/compileMapping.js';
import { compileRequest } from '../../src/upstream/rest/request/compileRequest.js';
import { readBody } from '../../src/upstream/rest/response/readBody.js';
import { readPage } from '../support/docBlocks.js';

const page = readPage('docs/rest-mapping.md');

/** The rows of the tables under a heading; cells without their backticks. */
function rows(heading: string): string[][] {
  const section = page.split(/^## /m).find((each) => each.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`no ${heading}`);
  return section
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .slice(1)
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')),
    );
}

describe.each(['Fields and paths', 'Expressions', 'Methods'])('the table of %s', (heading) => {
  it.each(rows(heading))('%s of %s makes %s', (text, of, makes) => {
    const parsed = parseSelection(text!);
    if (!parsed.ok) throw new Error(parsed.problem.message);
    expect(JSON.stringify(compileMapping(parsed.value)(JSON.parse(of!)).value)).toBe(makes);
  });
});

it('every method has a row, and no other has', () => {
  const named = rows('Methods').map(([mapping]) => /->(\w+)/.exec(mapping!)![1]!);
  expect([...new Set(named)].toSorted()).toEqual(methodNames.toSorted());
});

interface HttpTexts {
  readonly GET?: string;
  readonly queryParams?: string;
  readonly path?: string;
  readonly headers?: { readonly name: string; readonly from?: string; readonly value?: string };
  readonly body?: string;
}

describe('the table of requests', () => {
  it.each(rows('Requests'))('%s with %s is sent as %s', (text, args, sent) => {
    const http = valueFromASTUntyped(parseConstValue(`{ ${text} }`)) as HttpTexts;
    const { headers } = http;
    const parsed = parseRequest({
      version: '0.3',
      method: http.body === undefined ? 'GET' : 'POST',
      url: http.GET ?? '',
      headers: headers === undefined ? [] : [{ from: undefined, value: undefined, ...headers } satisfies HeaderTexts],
      body: http.body,
      path: http.path,
      queryParams: http.queryParams,
      restSource: { baseUrl: 'https://api.example.com/v1', headers: [], path: undefined, queryParams: undefined },
    });
    if (!parsed.ok) throw new Error(parsed.problems[0]!.message);
    const clientHeader = (name: string): string | undefined => (name === 'accept-language' ? 'de' : undefined);
    const built = compileRequest(parsed.value)({ variables: { $args: JSON.parse(args!) as unknown }, clientHeader });
    if (!built.ok) return expect('refused').toBe(sent);
    const { path, body, headers: pairs } = built.request;
    const header = pairs.map(([name, value]) => `${name}: ${value}`)[0];
    expect(http.body !== undefined ? body : http.headers !== undefined ? header : path).toBe(sent);
  });
});

describe('the table of answers', () => {
  it.each(rows('Answers'))('%s: %s is read as %s', (type, text, value) => {
    const body = readBody(text, type);
    if (!body.ok) throw new Error(body.message);
    expect(body.value).toEqual(JSON.parse(value!));
  });
});
