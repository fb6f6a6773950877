import { Agent } from 'undici';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { loadOptions } from '../../src/base/config/loadOptions.js';
import { DEFAULT_LIMITS } from '../../src/engine/operation/limits.js';
import { createGenerationBuilder } from '../../src/gateway/createGenerationBuilder.js';
import { engineOptions } from '../../src/gateway/engineOptions.js';
import type { Generation } from '../../src/gateway/generation.js';
import { createWorkshop } from '../../src/testing/prepareGraph.js';
import { composeSdl } from '../support/compose.js';
import { fakeGeneration } from '../support/fakeGateway.js';

const built: Generation[] = [];
afterEach(async () => {
  for (const generation of built.splice(0)) await generation.close();
});

async function build(previous: Generation, warmOperations?: number): Promise<Generation> {
  const builder = createGenerationBuilder(() => ({
    limits: DEFAULT_LIMITS,
    dedupe: true,
    entityBatching: 'alias',
    exposePlans: false,
    overrideLabels: [],
    traffic: {},
    warmupFile: undefined,
    workshop: createWorkshop(() => {}),
    warmOperations,
  }));
  const generation = await builder(composeSdl({ one: 'type Query { kept: Int fresh: Int }' }), previous);
  built.push(generation);
  return generation;
}

/** A generation on which these operations ran most. */
function hot(...texts: string[]): Generation {
  const requests = texts.map((text) => ({ text, labels: [] }));
  return { ...fakeGeneration('type Query { kept: Int removed: Int }'), hottest: () => requests };
}

describe('a generation that cannot be built', () => {
  it('closes what it has opened to ask for policies', async () => {
    const { config } = loadOptions(
      { authorization: { policies: { endpoint: { url: 'http://policies.invalid/' } } } },
      'a test',
    );
    const builder = createGenerationBuilder(() => ({
      ...engineOptions(config!),
      bySubgraph: new Map([['one', { url: 'nowhere' }]]),
      workshop: createWorkshop(() => {}),
    }));
    // undici's own calls of it come with a callback.
    const closed = vi.spyOn(Agent.prototype, 'destroy');
    await expect(builder(composeSdl({ one: 'type Query { kept: Int }' }), undefined)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
    expect(closed.mock.calls.filter((args) => args.length === 0)).toHaveLength(1);
    closed.mockRestore();
  });
});

describe('a generation that replaces another', () => {
  it('has planned what ran most on that one before it serves; what does not fit any more is left out', async () => {
    const next = await build(hot('{kept}', '{removed}', 'query Named{kept}'));
    const planned = next.hottest().map(({ text }) => text);
    expect(new Set(planned)).toEqual(new Set(['{kept}', 'query Named{kept}']));
  });

  it('plans as many as it is told', async () => {
    const next = await build(hot('{kept}', 'query Named{kept}'), 1);
    expect(next.hottest().map(({ text }) => text)).toEqual(['{kept}']);
  });
});
