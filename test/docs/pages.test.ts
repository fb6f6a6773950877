import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { serverAudits } from 'graphql-http';
import { describe, expect, it } from 'vitest';

import { describeSettings } from '../../src/base/config/describeSettings.js';
import { loadConfig } from '../../src/base/config/loadConfig.js';
import { codes } from '../../src/base/errors/codes.js';
import { FALLBACK_TRIGGERS } from '../../src/base/errors/fallbackTrigger.js';
import type { FallbackTrigger } from '../../src/base/errors/fallbackTrigger.js';
import { requestLine } from '../../src/base/telemetry/requestLine.js';
import { accepted } from '../differential/accepted.js';
import { marked, pages, placeOf, readPage, root } from '../support/docBlocks.js';

const linking = [
  ...pages,
  'docs/configuration.md',
  'docs/errors.md',
  'docs/migrate-from-apollo-gateway.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'src/README.md',
  'bench/README.md',
  'subgraphs/README.md',
  ...['own-apollo-server', 'compose-from-files', 'custom-hook'].map((name) => `examples/${name}/README.md`),
];

describe('links', () => {
  it.each(linking)('of %s lead to files and headings that exist', (page) => {
    const dead = [...readPage(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].filter(([, link]) => {
      const [path = '', anchor] = link!.split('#', 2);
      const file = path === '' ? page : relative(root, join(root, dirname(page), path));
      if (!existsSync(join(root, file))) return true;
      return anchor !== undefined && !anchorsOf(file).includes(anchor);
    });
    expect(dead.map(([, link]) => link)).toEqual([]);
  });
});

/** The anchors that GitHub makes of headings. */
function anchorsOf(page: string): string[] {
  return [...readPage(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('configuration examples', () => {
  it.each(marked('config').map((block) => [placeOf(block), block.text] as const))('load: %s', (_place, text) => {
    // The files that they name are the reader's.
    const { problems } = loadConfig({ file: 'portico.yaml', text, environment: {} });
    const others = problems.filter(
      ({ message }) => !/no such file|not found|does not exist|cannot be read/i.test(message),
    );
    expect(others).toEqual([]);
  });

  it('and texts name settings that exist', () => {
    const settings = describeSettings().map(({ path }) => path);
    const sections = new Set(settings.map((path) => path.split('.')[0]!));
    const named = pages
      .flatMap((page) => [...readPage(page).matchAll(/`([a-z_]+(?:\.[a-z_]+)+)(?:: \w+)?`/g)])
      .map((match) => match[1]!)
      .filter((path) => sections.has(path.split('.')[0]!) && !/\.(md|ts|yaml|graphql|json)$/.test(path));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !settings.includes(path))).toEqual([]);
  });
});

it('pages name error codes that exist', () => {
  // Words in capitals with an underscore; variables of the environment have their own beginnings.
  const named = pages
    .flatMap((page) => [...readPage(page).matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)])
    .map((match) => match[1]!)
    .filter((name) => !/^(PORTICO|AUDIT|NODE)_/.test(name) && !FALLBACK_TRIGGERS.includes(name as FallbackTrigger));
  expect(named.length).toBeGreaterThan(4);
  expect(named.filter((name) => !Object.hasOwn(codes, name))).toEqual([]);
});

it('docs/operations.md shows the fields of a request line, all and in their order', () => {
  const line = requestLine({
    requestId: 'a',
    method: 'POST',
    path: '/graphql',
    statusCode: 200,
    latencyMs: 1,
    clientIp: 'a',
    userAgent: 'a',
    userId: 'a',
    rateLimitRemaining: 1,
    operationName: 'a',
    operationKind: 'query',
    backendService: 'a',
    backendLatencyMs: 1,
    subgraphCalls: 1,
    sharedWith: 'a',
    errorCodes: [],
    responseBytes: 1,
  });
  const keysOf = (text: string): string[] => Object.keys(JSON.parse(text) as object);
  expect(marked('log').map(({ text }) => keysOf(text))).toEqual([keysOf(line)]);
});

describe('docs/conformance.md', () => {
  const page = readPage('docs/conformance.md');

  it('lists the differences that the differential test accepts, and no others', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \| (.+?) \| (accepted|defect) \| (.+) \|$/gm)].map((row) =>
      row.slice(1),
    );
    expect(rows).toEqual(accepted.map(({ graph, title, kind, reason }) => [graph, title, kind, reason]));
  });

  it('names the audits that CSRF prevention forbids as they are named', () => {
    const rows = [...page.matchAll(/^\| `([0-9A-F]{4})` \| (.+) \|$/gm)].map(([, id, name]) => ({ id, name }));
    const audits = serverAudits({ url: 'http://nowhere.invalid' }).map(({ id, name }) => ({ id, name }));
    expect(rows).toHaveLength(3);
    expect(audits).toEqual(expect.arrayContaining(rows));
  });
});
