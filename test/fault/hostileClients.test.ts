import { Agent, request as httpRequest } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { startGraphServers } from '../support/graphServers.js';
import type { GraphServers } from '../support/graphServers.js';
import * as hostile from '../support/hostileDocuments.js';
import { postGraphQL } from '../support/postGraphQL.js';
import { runPortico } from '../support/runPortico.js';
import type { RunningPortico } from '../support/runPortico.js';

/** Far above the 100 ms that one request may hold the loop, far below what any of these documents costs where nothing refuses it. */
const HELD_MS = 500;
/** A busy machine stalls by itself now and then; a document that holds the loop does it every time. */
const TRIES = 5;

const attacks: ReadonlyArray<readonly [name: string, query: string, status: number, code: string]> = [
  ['a document of just under 2 MB', `{f}#${'x'.repeat(1_990_000)}`, 400, 'MAX_CHARACTERS_EXCEEDED'],
  ['a body of more than 2 MB', `{f}#${'x'.repeat(2_500_000)}`, 413, 'PAYLOAD_TOO_LARGE'],
  ['100,000 aliases', hostile.aliases.root(100_000), 400, 'MAX_CHARACTERS_EXCEEDED'],
  ['as many aliases as characters allow', hostile.aliases.root(25_000), 400, 'TOKEN_LIMIT_EXCEEDED'],
  ['as many aliases as tokens allow', hostile.aliases.nested(1500), 400, 'MAX_ALIASES_EXCEEDED'],
  ['20,000 nested braces (DOS-11)', hostile.nesting.selection(20_000), 400, 'MAX_DEPTH_EXCEEDED'],
  ['as many nested lists as tokens allow (DOS-11)', hostile.nesting.list(7_000), 400, 'MAX_DEPTH_EXCEEDED'],
  ['a fragment bomb', hostile.fragmentLadder(40), 400, 'MAX_SELECTIONS_EXCEEDED'],
  ['a fragment bomb of spreads alone', hostile.spreadLadder(200), 400, 'MAX_SELECTIONS_EXCEEDED'],
  ['a fragment that spreads itself', hostile.cyclicFragments.self, 400, 'GRAPHQL_VALIDATION_FAILED'],
  ['fragments in a ring', hostile.cyclicFragments.withSibling, 400, 'GRAPHQL_VALIDATION_FAILED'],
  ['fragments that all spread all', hostile.cyclicFragments.complete(25), 400, 'GRAPHQL_VALIDATION_FAILED'],
  ['fragments that overlap (CVE-2023-26144)', hostile.overlappingFragments(60, 5), 400, 'GRAPHQL_VALIDATION_FAILED'],
];

describe('portico start, asked by clients that mean it ill', { timeout: 120_000 }, () => {
  let folder: string;
  let servers: GraphServers;
  let portico: RunningPortico;
  let url: string;

  beforeAll(async () => {
    servers = await startGraphServers({ one: { typeDefs: hostile.hostileSdl } });
    folder = await mkdtemp(join(tmpdir(), 'portico-'));
    await writeFile(join(folder, 'supergraph.graphql'), servers.supergraphSdl);
    portico = runPortico(['start', '--supergraph', 'supergraph.graphql', '--port', '0', '--workers', '1'], folder);
    url = await portico.url();
  }, 90_000);
  afterAll(async () => {
    portico.child.kill('SIGKILL');
    await servers.close();
    await rm(folder, { recursive: true, force: true });
  });

  it.each(attacks)('%s is refused, and nobody else waits', async (_name, query, status, code) => {
    servers.received.length = 0;
    let heldMs = Infinity;
    for (let tries = 0; tries < TRIES && heldMs > HELD_MS; tries++) {
      const canary = watchHealth(url);
      const answer = await post(url, query);
      heldMs = await canary.stop();
      expect([answer.status, answer.codes]).toEqual([status, [code]]);
      expect(answer.text.length).toBeLessThan(5000);
    }
    expect(heldMs).toBeLessThanOrEqual(HELD_MS);
    expect(servers.received).toEqual([]);
  });

  it('has lived through all of it: one process, and it answers', async () => {
    expect(await post(url, '{ a { f } }')).toMatchObject({ status: 200, codes: [] });
    expect(portico.serving()).toHaveLength(1);
    expect(portico.output()).not.toMatch(/Uncaught|Unhandled/);
  });

  it('the log has a line for each, under the id that the client got (RUN-10)', async () => {
    const id = 'one-of-mine';
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': id },
      body: JSON.stringify({ query: hostile.fragmentLadder(40) }),
    });
    expect(response.headers.get('x-request-id')).toBe(id);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { requestId: id } }] });
    const lines = () =>
      portico
        .output()
        .split('\n')
        .filter((line) => line.includes(`"requestId":"${id}"`));
    await vi.waitFor(() => expect(lines().length).toBeGreaterThan(0), { timeout: 10_000 });
    expect(JSON.parse(lines()[0]!)).toMatchObject({
      requestId: id,
      method: 'POST',
      path: '/graphql',
      statusCode: 400,
      errorCodes: ['MAX_SELECTIONS_EXCEEDED'],
      latencyMs: expect.any(Number) as unknown,
      clientIp: '127.0.0.1',
    });
  });

  it('goes on when nobody reads the log any more (RUN-07)', async () => {
    const [serving] = portico.serving();
    portico.child.stdout!.destroy();
    portico.child.stderr!.destroy();
    // More lines than a pipe holds, over more than one flush of the log (250 ms).
    for (let n = 0; n < 300; n++) expect((await post(url, '{ a { f } }')).status).toBe(200);
    expect(portico.child.exitCode).toBeNull();
    expect(() => process.kill(serving!, 0)).not.toThrow();
  });
});

interface Refusal {
  readonly status: number;
  readonly codes: readonly unknown[];
  readonly text: string;
}

async function post(url: string, query: string): Promise<Refusal> {
  const { status, text, json } = await postGraphQL(url, { query });
  return { status, codes: (json.errors ?? []).map(({ extensions }) => extensions['code']), text };
}

/** Asks for /health over a connection of its own, again and again; `stop` gives the longest wait in milliseconds. */
function watchHealth(url: string): { stop(): Promise<number> } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const health = new URL('/health', url);
  let stopped = false;
  let longest = 0;
  const once = () =>
    new Promise<void>((resolve, reject) => {
      const startedAt = performance.now();
      const request = httpRequest(health, { agent }, (response) => {
        response.resume().on('end', () => {
          longest = Math.max(longest, performance.now() - startedAt);
          if (response.statusCode === 200) resolve();
          else reject(new Error(`/health answered ${response.statusCode}`));
        });
      });
      request.on('error', reject).end();
    });
  const watching = (async () => {
    do {
      await once();
      await new Promise((resolve) => setTimeout(resolve, 5));
    } while (!stopped);
  })();
  return {
    async stop() {
      stopped = true;
      await watching;
      agent.destroy();
      return longest;
    },
  };
}
