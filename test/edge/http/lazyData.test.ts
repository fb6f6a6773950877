import { inspect } from 'node:util';

import { describe, expect, it } from 'vitest';

import { lazyData, untouchedData } from '../../../src/edge/http/lazyData.js';
import { AnswerData } from '../../../src/engine/respond/AnswerData.js';

function lazy(text: string) {
  let parsed = 0;
  const data = lazyData(AnswerData.of(text), (json) => (parsed++, JSON.parse(json)));
  return { data, parses: () => parsed };
}

describe('lazy data', () => {
  it('gives its text back, unparsed, as long as nobody looked', () => {
    const { data, parses } = lazy('{"a":1}');
    expect(untouchedData(data)?.text).toBe('{"a":1}');
    expect(untouchedData({ wrapped: data })).toBeUndefined();
    expect(untouchedData(data)?.body.toString()).toBe('{"data":{"a":1}}\n');
    expect(parses()).toBe(0);
  });

  it.each<[string, (data: Record<string, unknown>) => unknown]>([
    ['reading a field', (data) => data['a']],
    ['reading a field that is not there', (data) => data['z']],
    ['asking with in', (data) => 'a' in data],
    ['Object.hasOwn', (data) => Object.hasOwn(data, 'a')],
    ['listing keys', (data) => Object.keys(data)],
    ['setting a field', (data) => (data['a'] = 2)],
    ['deleting a field', (data) => delete data['a']],
    ['defining a field', (data) => Object.defineProperty(data, 'b', { value: 1 })],
    ['freezing', (data) => Object.freeze(data)],
    ['JSON.stringify', (data) => JSON.stringify(data)],
    ['spreading', (data) => ({ ...data })],
    ['printing', (data) => inspect(data)],
  ])('has no text any more after %s, and was parsed once', (_name, touch) => {
    const { data, parses } = lazy('{"a":1}');
    touch(data);
    expect(untouchedData(data)).toBeUndefined();
    expect(parses()).toBe(1);
  });

  it('prints as what it is', () => {
    expect(inspect(lazy('{"a":{"b":[1]}}').data)).toBe('{ a: { b: [ 1 ] } }');
  });

  it('never gets a prototype from its keys', () => {
    const { data } = lazy('{"__proto__":{"polluted":true},"constructor":1}');
    expect(Object.keys(data)).toEqual(['__proto__', 'constructor']);
    expect((data as { polluted?: boolean }).polluted).toBeUndefined();
    expect(JSON.stringify(data)).toBe('{"__proto__":{"polluted":true},"constructor":1}');
  });

  it('makes the bytes of a shared answer once', () => {
    const answer = AnswerData.of('{"a":1}');
    expect(answer.body).toBe(answer.body);
  });
});
