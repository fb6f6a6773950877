import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { hashSources } from '../../scripts/buildPlayground.js';
import { readAssets } from '../../src/edge/http/playground/readAssets.js';
import { renderPage } from '../../src/edge/http/playground/renderPage.js';
import { rawHttp } from '../support/rawHttp.js';
import { startDemoGraph } from '../support/startDemoGraph.js';
import type { DemoGraph } from '../support/startDemoGraph.js';
import { startEdge } from '../support/startEdge.js';
import type { Edge } from '../support/startEdge.js';

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
/** What the gateway of these tests says to `{ hello }`. */
const ANSWER = { data: { hello: null } };

describe('the playground, switched on', () => {
  let edge: Edge;
  let origin: string;
  beforeAll(async () => {
    edge = await startEdge({ playground: true });
    origin = new URL(edge.url).origin;
  });
  afterAll(() => edge.close());

  it.each(['/', '/graphql', '/graphql?query={hello}'])('is what a browser gets at %s', async (path) => {
    const response = await fetch(origin + path, { headers: BROWSER });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toContain('/playground/playground.js');
  });

  it('leaves GraphQL to clients: they name no HTML', async () => {
    const { json } = await edge.post({ query: '{ hello }' }, { accept: '*/*' });
    expect(json).toEqual(ANSWER);
    const posted = await edge.post({ query: '{ hello }' }, BROWSER);
    expect(posted.json).toEqual(ANSWER);
    const got = await fetch(`${edge.url}?query={hello}`, { headers: { 'apollo-require-preflight': 'yes' } });
    expect(await got.json()).toEqual(ANSWER);
  });

  it('LEAK-11 runs scripts of its own origin only, and cannot be framed', async () => {
    const { headers } = await fetch(origin);
    const policy = new Map(
      headers
        .get('content-security-policy')!
        .split('; ')
        .map((directive) => [directive.split(' ', 1)[0], directive] as const),
    );
    expect(policy.get('default-src')).toBe("default-src 'none'");
    expect(policy.get('script-src')).toBe("script-src 'self'");
    expect(policy.get('connect-src')).toBe("connect-src 'self'");
    expect(policy.get('frame-ancestors')).toBe("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('LEAK-11 puts nothing of a request into the page', async () => {
    const plain = await (await fetch(origin)).text();
    const attack = '</script><script>alert(1)</script>';
    const url = `${origin}/?query=${encodeURIComponent(attack)}&variables=${encodeURIComponent(attack)}`;
    const attacked = await (
      await fetch(url, { headers: { ...BROWSER, referer: attack, 'x-forwarded-host': attack } })
    ).text();
    expect(attacked).toBe(plain);
  });

  it('names no other host in the page', async () => {
    const page = (await (await fetch(origin)).text()).replace('http%3A%2F%2Fwww.w3.org%2F2000%2Fsvg', '');
    expect(page).not.toMatch(/https?:|https?%3A|src="\/\/|href="\/\//);
  });

  it.each([...readAssets().keys()])(
    'serves %s compressed, plain and not at all when the browser has it',
    async (name) => {
      const url = `${origin}/playground/${name}`;
      const compressed = await fetch(url, { headers: { 'accept-encoding': 'gzip, deflate, br' } });
      const plain = await fetch(url, { headers: { 'accept-encoding': 'gzip' } });
      expect([compressed.status, plain.status]).toEqual([200, 200]);
      expect(compressed.headers.get('content-encoding')).toBe('br');
      expect(plain.headers.get('content-encoding')).toBeNull();
      expect(compressed.headers.get('content-type')).toMatch(/^text\/(javascript|css); charset=utf-8$/);
      expect(Number(compressed.headers.get('content-length'))).toBeLessThan(1_500_000);
      const [once, twice] = [await compressed.text(), await plain.text()];
      expect(once === twice).toBe(true);
      const etag = compressed.headers.get('etag')!;
      const again = await fetch(url, { headers: { 'if-none-match': etag } });
      expect(again.status).toBe(304);
      expect(await again.text()).toBe('');
    },
  );

  it.each(['/playground/', '/playground/nothing.js', '/playground/constructor', '/playground/LICENSES.txt'])(
    'has nothing at %s',
    async (path) => {
      const response = await fetch(origin + path);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    },
  );

  it.each(['/playground/../package.json', '/playground/..%2fpackage.json', '/playground/%2e%2e%2fplayground.js'])(
    'gives no file by the path %s',
    async (path) => {
      const answer = await rawHttp(origin, `GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1.1 404 /);
    },
  );

  it('answers HEAD without a body', async () => {
    const response = await fetch(origin, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(0);
  });
});

describe('the playground, unless it is switched on', () => {
  it.each([
    ['/', 404],
    ['/playground/playground.js', 404],
    ['/graphiql', 404],
    ['/playground', 404],
    ['/graphql', 406],
  ])('LEAK-11 TOOL-08 is not at %s', async (path, status) => {
    const edge = await startEdge();
    try {
      const response = await fetch(new URL(path, edge.url), { headers: { accept: 'text/html' } });
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(await response.text()).not.toMatch(/graphiql|playground\.js/i);
    } finally {
      await edge.close();
    }
  });
});

describe('the page', () => {
  it('holds the settings as data, whatever is in them', () => {
    const examples = ['# </script><script>alert(1)</script><!--'];
    const identities = [{ name: '</script>', headers: { authorization: 'Bearer <!--' } }];
    const page = renderPage({ endpoint: '/graphql', examples, identities });
    expect(page.match(/<script/g)).toHaveLength(2);
    const json = /<script id="settings" type="application\/json">(.*)<\/script>/.exec(page)![1]!;
    expect(JSON.parse(json)).toEqual({ endpoint: '/graphql', examples, identities });
  });

  it('was built from what lies in playground/ (else: npm run playground)', async () => {
    const assets = join(import.meta.dirname, '../../src/edge/http/playground/assets');
    expect(await hashSources()).toBe((await readFile(join(assets, 'sources.sha256'), 'utf8')).trim());
  });
});

describe('the examples of the demo', () => {
  let graph: DemoGraph;
  beforeAll(async () => {
    graph = await startDemoGraph();
  });
  afterAll(() => graph?.close());

  it('are answered to anybody in full, with their plans, apart from the one that shows refusals', async () => {
    expect(graph.examples.length).toBeGreaterThan(3);
    for (const query of graph.examples) {
      const response = await fetch(graph.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'portico-expose-query-plan': 'true' },
        body: JSON.stringify({ query }),
      });
      const { data, errors, extensions } = (await response.json()) as Record<string, unknown>;
      if (query.includes('query Protected')) {
        expect(errors).toMatchObject([{ path: ['me', 'email'] }, { path: ['users'] }]);
        continue;
      }
      expect(errors, query).toBeUndefined();
      expect(data, query).toBeTruthy();
      expect(extensions, query).toMatchObject({ queryPlan: { text: expect.stringMatching(/^QueryPlan/) as string } });
    }
  });
});
