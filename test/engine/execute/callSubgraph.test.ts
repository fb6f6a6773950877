import { beforeEach, describe, expect, it } from 'vitest';

import { callSubgraph } from '../../../src/engine/execute/callSubgraph.js';
import { subgraphOperation } from '../../../src/engine/execute/entityText.js';
import { Run } from '../../../src/engine/execute/Run.js';
import { Lifetime } from '../../../src/base/kit/Lifetime.js';
import type { SubgraphClient } from '../../../src/upstream/SubgraphClient.js';
import { makeReply } from '../../support/subgraphCall.js';

const reply = makeReply();
const wrong = new Error('wrong');

describe('a call of the engine', () => {
  let told: string[];
  let run: Run;
  beforeEach(() => {
    told = [];
    const input = {
      variables: {},
      lifetime: new Lifetime(Infinity),
      headersFor: () => [],
      correlationFor: () => [],
      epochOf: () => 0,
      onCall: (_subgraph: string, _startedAt: number, failed: boolean) => void told.push(failed ? 'failed' : 'worked'),
    };
    run = new Run(input, 0, 0);
  });

  const call = (
    execute: SubgraphClient['execute'],
    take: () => void = () => void told.push('taken'),
  ): Promise<void> => {
    const client: SubgraphClient = { name: 'a', execute, close: () => Promise.resolve() };
    const operation = subgraphOperation('query', undefined, '{ a }');
    return callSubgraph(run, { client }, operation, undefined, take, (error) => void told.push(String(error)));
  };

  it('that works is noted before its reply is taken', async () => {
    await call(() => Promise.resolve(reply));
    expect(told).toEqual(['worked', 'taken']);
  });

  it('that is rejected has failed', async () => {
    await call(() => Promise.reject(wrong));
    expect(told).toEqual(['failed', 'Error: wrong']);
  });

  it('has failed as well when its client throws instead: nothing is thrown at the steps beside it', async () => {
    await call(() => {
      throw wrong;
    });
    expect(told).toEqual(['failed', 'Error: wrong']);
  });

  it('has worked when its reply cannot be taken, and who asked learns why', async () => {
    await call(
      () => Promise.resolve(reply),
      () => {
        throw wrong;
      },
    );
    expect(told).toEqual(['worked', 'Error: wrong']);
  });
});
