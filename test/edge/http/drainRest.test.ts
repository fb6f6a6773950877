import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { drainRest } from '../../../src/edge/http/readBody.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** As `inject` makes one: no `complete`, and a socket that cannot be destroyed. */
function injected(): PassThrough & IncomingMessage {
  return Object.assign(new PassThrough(), { socket: {} }) as unknown as PassThrough & IncomingMessage;
}

it('of a request that was put in by hand and has been read waits for nothing', async () => {
  const request = injected();
  request.end('body');
  await buffer(request);
  drainRest(request);
  expect(vi.getTimerCount()).toBe(0);
});

it('of one whose body does not end, ends it after a second', () => {
  const request = injected();
  request.write('half');
  drainRest(request);
  vi.advanceTimersByTime(999);
  expect(request.destroyed).toBe(false);
  vi.advanceTimersByTime(1);
  expect(request.destroyed).toBe(true);
});
