/**
 * The playground in a browser. To take the picture of the README again:
 *
 *     PORTICO_SCREENSHOT=docs/playground.png npx vitest run test/e2e
 */
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { startDemoGraph } from '../support/startDemoGraph.js';
import type { DemoGraph } from '../support/startDemoGraph.js';
import { findChromium } from './findChromium.js';

const executablePath = findChromium();
/** A stalled machine opens no page in ten seconds. */
const SLOW = 60_000;

let graph: DemoGraph;
let browser: Browser;
let page: Page;
/** Addresses that the page asked for, and what went wrong in it. */
const asked: string[] = [];
const complaints: string[] = [];

describe.skipIf(executablePath === undefined)('the playground in a browser', { timeout: 3 * SLOW }, () => {
  beforeAll(async () => {
    graph = await startDemoGraph();
    browser = await chromium.launch({
      executablePath: executablePath!,
      args: [
        ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
        ...['--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
      ],
    });
  }, 2 * SLOW);
  afterAll(async () => {
    await browser?.close();
    await graph?.close();
  });
  afterEach(async () => {
    await page.close();
    // Nothing it did may leave this machine, whichever test it was.
    expect(asked.filter((url) => !url.startsWith(`${graph.origin}/`) && !url.startsWith('data:'))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  async function open(): Promise<void> {
    asked.length = 0;
    complaints.length = 0;
    page = await browser.newPage({ viewport: { width: 1600, height: 940 }, colorScheme: 'dark' });
    page.setDefaultTimeout(SLOW);
    page.on('request', (request) => asked.push(request.url()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(graph.origin);
    await page.locator('.graphiql-query-editor .view-line', { hasText: 'FrontPage' }).waitFor();
  }
  const run = () => page.locator('.graphiql-execute-button').click();
  const answer = (text: string) => page.locator('.graphiql-response .view-line', { hasText: text }).first().waitFor();
  const plan = () => page.getByRole('complementary', { name: 'Query plan' });

  it('runs an example and shows its answer with the plan and the calls beside it', async () => {
    await open();
    expect(await plan().innerText()).toContain('Run an operation');
    await run();
    await answer('Ada Lindqvist');
    await plan()
      .getByText(/^6 calls · \d services/)
      .waitFor();
    expect(await plan().locator('.plan-text').innerText()).toContain('Fetch(service: "inventory.Product")');
    expect(await plan().locator('.calls .service').allInnerTexts()).toEqual(
      expect.arrayContaining(['accounts', 'products', 'reviews', 'inventory', 'shipping']),
    );
    const picture = process.env['PORTICO_SCREENSHOT'];
    if (picture !== undefined) {
      for (let warm = 0; warm < 20; warm++) {
        await run();
        await page.waitForTimeout(300);
      }
      await page.mouse.move(800, 900);
      await page.waitForTimeout(1500);
      await page.screenshot({ path: picture });
    }
  });

  it('shows what was sent to a service', async () => {
    await open();
    await run();
    await plan().getByRole('button', { name: 'reviews' }).click();
    expect(await plan().locator('.sent').innerText()).toMatch(/^query FrontPage__reviews__\d.*_entities/s);
  });

  it('keeps the plan of each tab', async () => {
    await open();
    await run();
    await plan()
      .getByText(/^6 calls/)
      .waitFor();
    await page.getByRole('tab', { name: 'Search' }).click();
    await plan().getByText('Run an operation').waitFor();
    await page.getByRole('tab', { name: 'FrontPage' }).click();
    await plan()
      .getByText(/^6 calls/)
      .waitFor();
  });

  it('shows partial data, its error and the failed call when a service is down', async () => {
    await open();
    await graph.subgraphs.toggle('reviews');
    try {
      await page.getByRole('tab', { name: 'PartialData' }).click();
      await run();
      await answer('SUBREQUEST_HTTP_ERROR');
      await answer('unitsInStock');
      await plan().locator('.bar.failed').waitFor();
    } finally {
      await graph.subgraphs.toggle('reviews');
    }
  });

  it('asks as somebody else when another identity is chosen: a refused field turns allowed', async () => {
    await open();
    await page.getByRole('tab', { name: 'Protected' }).click();
    await run();
    await answer('UNAUTHORIZED_FIELD_OR_TYPE');
    await page.getByLabel('As').selectOption({ label: 'Bruno: plan free, may read' });
    await run();
    await answer('bruno@shop.example');
    await answer('UNAUTHORIZED_FIELD_OR_TYPE');
    await page.getByLabel('As').selectOption({ label: 'Ada: plan pro, may read and write' });
    await run();
    await answer('"totalCount": 36');
    expect(await page.locator('.graphiql-response').innerText()).not.toContain('UNAUTHORIZED');
  });

  it('shows what is left of limits, and that nothing is', async () => {
    await open();
    const limits = page.getByLabel('Rate limits');
    await page.getByRole('tab', { name: 'Search' }).click();
    await run();
    await limits.getByText(/^9 of 10 left, resets in \d+ s$/).waitFor();
    await page.evaluate(async () => {
      const body = JSON.stringify({ query: '{ search(text: "a") { __typename } }' });
      const one = (): Promise<Response> =>
        fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      await Promise.all(Array.from({ length: 10 }, one));
    });
    await run();
    await limits.getByText(/^0 of 10 left/).waitFor();
    await answer('RATE_LIMITED');
  });

  it('shows that a whole operation is refused, and when to come again', async () => {
    await open();
    await page.getByLabel('As').selectOption({ label: 'Bruno: plan free, may read' });
    const authorization = `Bearer ${graph.identities.tokens.bruno}`;
    await page.evaluate(async (credential) => {
      const headers = { 'content-type': 'application/json', authorization: credential };
      const body = JSON.stringify({ query: '{ me { name } }' });
      await Promise.all(Array.from({ length: 30 }, () => fetch('/graphql', { method: 'POST', headers, body })));
    }, authorization);
    await run();
    await answer('RATE_LIMITED');
    await page.getByText(/^HTTP 429 · Retry-After: \d+ s$/).waitFor();
    // The browser notes the status of what is refused; that is what was asked for.
    expect(complaints.splice(0).filter((text) => !text.includes('429'))).toEqual([]);
  });

  it('documents the graph', async () => {
    await open();
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.locator('.graphiql-doc-explorer').getByText('Query', { exact: true }).first().click();
    await page.locator('.graphiql-doc-explorer').getByText('topProducts').waitFor();
  });
});
