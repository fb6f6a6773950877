import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { following, marked, placeOf } from '../support/docBlocks.js';
import type { DocBlock } from '../support/docBlocks.js';
import { startDemoGraph } from '../support/startDemoGraph.js';
import type { DemoGraph } from '../support/startDemoGraph.js';

/** What a client gets that the plan is asked of. */
interface Explained {
  readonly extensions?: { readonly queryPlan?: { readonly text: string } };
}

let demo: DemoGraph;
beforeAll(async () => {
  demo = await startDemoGraph();
});
afterAll(() => demo.close());

/** A `…` on the page stands for any text. */
function expected(block: DocBlock): unknown {
  return JSON.parse(block.text, (_key, value: unknown) => (value === '…' ? expect.any(String) : value));
}

async function post(query: string, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await fetch(demo.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

/** A curl command as our pages have them (-s, -H, -d, --get, --data-urlencode), sent to the demo of this test. */
async function curl(given: string): Promise<unknown> {
  const { tokens, apiKey } = demo.identities;
  const command = given
    .replaceAll('\\\n', '')
    .replaceAll('$ADA', tokens.ada)
    .replaceAll('$BRUNO', tokens.bruno)
    .replaceAll('$PROGRAM', apiKey);
  const words = [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3]!);
  expect(words.shift()).toBe('curl');
  const headers = new Headers();
  const fields = new URLSearchParams();
  let [url, body, isGet] = ['', undefined as string | undefined, false];
  while (words.length > 0) {
    const word = words.shift()!;
    if (word === '-s') continue;
    if (word === '--get') isGet = true;
    else if (word === '-d') body = words.shift()!;
    else if (word === '-H') headers.append(...(words.shift()!.split(': ', 2) as [string, string]));
    else if (word === '--data-urlencode') fields.append(...(words.shift()!.split('=', 2) as [string, string]));
    else if (word.startsWith('http://127.0.0.1:4000/')) url = word.replace('http://127.0.0.1:4000', demo.origin);
    else throw new Error(`${word} is not known to this test`);
  }
  const response =
    isGet || body === undefined
      ? await fetch(fields.size === 0 ? url : `${url}?${fields.toString()}`, { headers })
      : await fetch(url, { method: 'POST', headers, body });
  return response.json();
}

describe('what the pages ask the demo graph', () => {
  for (const block of marked('demo')) {
    it(`has the answer that stands there: ${placeOf(block)}`, async () => {
      const without = block.options.get('without') as 'reviews' | 'inventory' | undefined;
      if (without !== undefined) await demo.subgraphs.toggle(without);
      try {
        const answer = block.language === 'sh' ? await curl(block.text) : await post(block.text);
        expect(answer).toEqual(expected(following(block, 'answer')!));
      } finally {
        if (without !== undefined) await demo.subgraphs.toggle(without);
      }
      const plan = following(block, 'plan');
      if (plan === undefined) return;
      const { extensions } = (await post(block.text, { 'portico-expose-query-plan': 'true' })) as Explained;
      expect(extensions?.queryPlan?.text).toBe(plan.text);
    });
  }

  it('goes on without inventory: with what stands in, and with the warehouse of before', async () => {
    const query = '{ me { nearestWarehouse { name } } topProducts(first: 2) { inStock } }';
    const whole = (await post(query)) as { readonly data: { readonly me: unknown } };
    await demo.subgraphs.toggle('inventory');
    try {
      const answer = await post(query);
      expect(answer).toMatchObject({
        data: { me: whole.data.me, topProducts: [{ inStock: false }, { inStock: false }] },
        extensions: {
          degraded: expect.arrayContaining([
            expect.objectContaining({ coordinate: 'User.nearestWarehouse', source: 'stale', count: 1 }),
            expect.objectContaining({ coordinate: 'Product.inStock', source: 'value', count: 2 }),
          ]) as unknown,
        },
      });
      expect(answer).not.toHaveProperty('errors');
    } finally {
      await demo.subgraphs.toggle('inventory');
    }
  });
});
