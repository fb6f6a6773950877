import { once } from 'node:events';

import { describe, expect, it } from 'vitest';

import { prestartWorker, startWorker } from '../../../src/base/kit/startWorker.js';

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

  it('takes a thread that was started early, once, and any other bounds get their own', async () => {
    const start = { entry: new URL('./fixtures/earlyWorker.js', import.meta.url), name: 'test', heapMb: 64 };
    await prestartWorker(start);
    await prestartWorker(start);
    const workers = [
      startWorker({ ...start, data: 1 }),
      startWorker({ ...start, data: 2 }),
      startWorker({ ...start, heapMb: 65, data: 3 }),
    ];
    const exits = workers.map((worker) => once(worker, 'exit'));
    const reports = await Promise.all(workers.map((worker) => once(worker, 'message')));
    expect(reports).toEqual([[{ data: 1, early: true }], [{ data: 2, early: false }], [{ data: 3, early: false }]]);
    await Promise.all(exits);
  });

  it('starts none early that was needed already, and waits for none that ends by itself', async () => {
    const start = { entry: new URL('./fixtures/reportWorker.js', import.meta.url), name: 'test', heapMb: 66 };
    await prestartWorker(start);
    const worker = startWorker({ ...start, data: 'late' });
    await prestartWorker(start);
    expect(await once(worker, 'message')).toMatchObject([{ data: 'late' }]);
    await worker.terminate();
  });
});
