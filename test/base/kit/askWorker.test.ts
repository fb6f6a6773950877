import { describe, expect, it } from 'vitest';

import { askWorker } from '../../../src/base/kit/askWorker.js';

const LONG_MS = 60_000;

function ask(data: string, timeoutMs = LONG_MS, signal?: AbortSignal): Promise<string> {
  const start = { entry: new URL('./fixtures/oddWorker.js', import.meta.url), name: 'test', data };
  return askWorker<string>(start, { timeoutMs, signal, unanswered: (why) => new Error(`no answer: ${why}`) });
}

describe('askWorker', () => {
  it('gives the message of the thread', async () => {
    await expect(ask('answer')).resolves.toBe('answered');
  });

  it('says what became of a thread that did not answer', async () => {
    await expect(ask('throw')).rejects.toThrow('no answer: a bug');
    await expect(ask('leave')).rejects.toThrow('no answer: the thread ended with code 0');
    await expect(ask('hang', 1)).rejects.toThrow('no answer: it took longer than 1 ms');
  });

  it('ends a thread whose answer nobody wants any more', async () => {
    const abort = new AbortController();
    const asked = ask('hang', LONG_MS, abort.signal);
    abort.abort();
    await expect(asked).rejects.toThrow('no answer: the thread ended');
    await expect(ask('hang', LONG_MS, AbortSignal.abort())).rejects.toThrow('no answer: the thread ended');
  });
});
