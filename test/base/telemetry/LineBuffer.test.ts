import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { LineBuffer } from '../../../src/base/telemetry/LineBuffer.js';

describe('a line buffer', () => {
  let written: string[];
  let flushed: string[];
  let buffer: LineBuffer;
  beforeEach(() => {
    vi.useFakeTimers();
    written = [];
    flushed = [];
    buffer = new LineBuffer({
      write: (text) => void written.push(text),
      flush: (done) => {
        flushed.push('flush');
        done?.();
      },
      flushSync: () => void flushed.push('flushSync'),
    });
  });
  afterEach(async () => {
    await buffer.close();
    vi.useRealTimers();
  });

  it('hands lines on together and in order, at the latest after a quarter of a second', () => {
    buffer.write('one\n');
    buffer.write('two\n');
    expect(written).toEqual([]);
    vi.advanceTimersByTime(250);
    expect(written).toEqual(['one\ntwo\n']);
    vi.advanceTimersByTime(1000);
    expect(written).toHaveLength(1);
  });

  it('holds no more than 64 k characters, also of one line', () => {
    buffer.write(`${'x'.repeat(70_000)}\n`);
    expect(written).toEqual([`${'x'.repeat(70_000)}\n`]);
  });

  it('loses nothing when it is closed, and waits for the sink', async () => {
    buffer.write('last\n');
    await buffer.close();
    expect(written).toEqual(['last\n']);
    expect(flushed).toEqual(['flush']);
  });

  it('loses nothing when the process ends without a close', () => {
    const exit = process.listeners('exit').at(-1) as (code: number) => void;
    buffer.write('why\n');
    exit(1);
    expect(written).toEqual(['why\n']);
    expect(flushed).toEqual(['flushSync']);
  });
});
