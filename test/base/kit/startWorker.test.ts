import { once } from 'node:events';

import { describe, expect, it } from 'vitest';

import { startWorker } from '../../../src/base/kit/startWorker.js';

describe('startWorker', () => {
  it('runs a module from source when there is no built file, with its data and limits and nothing of the environment', async () => {
    process.env['PORTICO_TEST_SECRET'] = 'x';
    const worker = startWorker({
      entry: new URL('./fixtures/reportWorker.js', import.meta.url),
      name: 'test',
      data: { answer: 42 },
      heapMb: 64,
    });
    try {
      const [report] = (await once(worker, 'message')) as [unknown];
      expect(report).toEqual({
        data: { answer: 42 },
        env: { NODE_ENV: 'production' },
        execArgv: [],
        heapMb: 64,
        imported: true,
      });
    } finally {
      delete process.env['PORTICO_TEST_SECRET'];
      await worker.terminate();
    }
  });
});
