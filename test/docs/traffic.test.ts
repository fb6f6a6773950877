import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { loadConfig } from '../../src/base/config/loadConfig.js';
import { createConfiguredServer } from '../../src/cli/process/configuredServer.js';
import { createWorkshop } from '../../src/testing/prepareGraph.js';
import { startSubgraphs } from '../../subgraphs/startSubgraphs.js';
import type { RunningSubgraphs } from '../../subgraphs/startSubgraphs.js';
import { startChaosUpstream } from '../support/chaosUpstream.js';
import type { ChaosUpstream } from '../support/chaosUpstream.js';
import { docBlocks, placeOf, root } from '../support/docBlocks.js';
import type { DocBlock } from '../support/docBlocks.js';

const PAGES = ['docs/traffic.md', 'docs/fallbacks.md', 'docs/balancing.md'];

let subgraphs: RunningSubgraphs;
/** What `nc -lk 4009` is on the page. */
let hanging: ChaosUpstream;
/** Where nobody listens. */
let closedPort = 0;
let sdl = '';
let stop: (() => Promise<void>) | undefined;
beforeAll(async () => {
  subgraphs = await startSubgraphs({ port: 0 });
  hanging = await startChaosUpstream(() => {});
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  closedPort = (probe.address() as AddressInfo).port;
  probe.close();
  await once(probe, 'close');
  sdl = here(await readFile(join(root, 'schema/supergraph.graphql'), 'utf8'));
});
afterEach(async () => {
  await stop?.();
  stop = undefined;
});
afterAll(async () => {
  await hanging.close();
  await subgraphs.close();
});

/** The same text with the ports of this run. */
function here(text: string): string {
  const { accounts, products, reviews, inventory, shipping } = subgraphs.urls;
  const places = [accounts, products, reviews, inventory, shipping].map(
    (url, index) => [4001 + index, new URL(url).host] as const,
  );
  const all = new Map<number, string>([
    ...places,
    [4009, `127.0.0.1:${hanging.port}`],
    [4010, `127.0.0.1:${closedPort}`],
  ]);
  return text.replaceAll(/127\.0\.0\.1:(\d+)/g, (known, port: string) => all.get(Number(port)) ?? known);
}

async function start(config: string): Promise<{ url: string; traffic: ReadonlyMap<string, unknown> }> {
  const { loaded, problems } = loadConfig({ file: join(root, 'portico.yaml'), text: here(config), environment: {} });
  expect(problems).toEqual([]);
  const configured = await createConfiguredServer(loaded!, sdl, { engine: { workshop: createWorkshop(() => {}) } });
  await configured.server.start();
  const { origin } = await configured.http.listen({ host: '127.0.0.1', port: 0 });
  stop = async () => {
    await configured.http.close(1000);
    await configured.server.stop();
  };
  return { url: `${origin}/graphql`, traffic: configured.traffic() };
}

interface Answer {
  readonly json: unknown;
  readonly headers: Headers;
}

async function ask(url: string, query: string): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return { json: await response.json(), headers: response.headers };
}

/** A `…` on the page stands for any text. */
function expected(block: DocBlock): unknown {
  return JSON.parse(block.text, (_key, value: unknown) => (value === '…' ? expect.any(String) : value));
}

describe.each(PAGES)('the examples of %s, on the demo graph', { timeout: 60_000 }, (page) => {
  const blocks = docBlocks(page);
  const examples = blocks.filter(({ marks }) => marks.has('traffic'));

  it.each(examples.map((block) => [placeOf(block), block] as const))(
    '%s is answered as it says',
    async (_place, block) => {
      const rest = blocks.slice(blocks.indexOf(block) + 1);
      const find = (mark: string): DocBlock | undefined => {
        const end = rest.findIndex(({ marks }) => marks.has('traffic'));
        return (end < 0 ? rest : rest.slice(0, end)).find(({ marks }) => marks.has(mark));
      };
      const query = find('ask')!;
      const { url } = await start(block.text);
      const together = Number(query.options.get('together') ?? 1);
      const times = Number(query.options.get('times') ?? 1);
      let answers: Answer[] = [];
      for (let turn = 0; turn < times; turn++)
        answers = await Promise.all(Array.from({ length: together }, () => ask(url, query.text)));
      const fitting = answers.filter(({ json }) => isEqual(json, expected(find('answer')!)));
      expect(answers.map(({ json }) => json)).toContainEqual(expected(find('answer')!));
      const header = query.options.get('header');
      if (header !== undefined) expect(fitting[0]!.headers.get(header)).toBe(find('header')!.text);
    },
  );
});

function isEqual(value: unknown, pattern: unknown): boolean {
  try {
    expect(value).toEqual(pattern);
    return true;
  } catch {
    return false;
  }
}

describe('docs/traffic.md', () => {
  it('shows what the start says of a subgraph', async () => {
    const [block] = docBlocks('docs/traffic.md').filter(({ options }) => options.has('started'));
    const { traffic } = await start('supergraph: { file: schema/supergraph.graphql }');
    expect(traffic.get(block!.options.get('started')!)).toEqual(JSON.parse(block!.text));
    expect([...traffic.keys()].sort()).toEqual(['accounts', 'inventory', 'products', 'reviews', 'shipping']);
  });
});
