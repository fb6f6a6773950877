import { describe, expect, it } from 'vitest';

import { bodyType, chooseAnswerType, isFormType } from '../../../src/edge/http/mediaTypes.js';

const json = 'application/json; charset=utf-8';
const graphql = 'application/graphql-response+json; charset=utf-8';

describe('the media type of an answer', () => {
  it.each([
    [undefined, json, false],
    ['*/*', json, false],
    ['application/*', json, false],
    ['application/json', json, true],
    ['Application/JSON; Charset=UTF-8', json, true],
    ['application/json, */*', json, true],
    ['*/*, application/json', json, true],
    ['application/json;q=0.5, */*', graphql, false],
    ['application/graphql-response+json', graphql, false],
    ['application/graphql-response+json, application/json;q=0.9', graphql, false],
    ['application/json, application/graphql-response+json', json, true],
    ['application/graphql-response+json;q=0.1, application/json;q=0.2', json, true],
    ['application/graphql-response+json;q=0, */*', json, false],
    ['multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9', graphql, false],
    ['multipart/mixed', json, false],
    ['text/html,application/xhtml+xml,*/*;q=0.8', json, false],
  ])('for Accept: %s is %s', (accept, contentType, plainJsonAsked) => {
    expect(chooseAnswerType(accept)).toEqual({ contentType, plainJsonAsked });
    // The second time it is remembered.
    expect(chooseAnswerType(accept)).toEqual({ contentType, plainJsonAsked });
  });

  it.each(['text/html', 'image/*', 'application/json;q=0', '', 'application/jsonx', '*/*;q=0', 'application/json;q=x'])(
    'does not exist for Accept: %s',
    (accept) => expect(chooseAnswerType(accept)).toBeUndefined(),
  );

  it('is found for any text', () => {
    expect(chooseAnswerType(`${'a/b,'.repeat(50_000)}*/*`)).toBeUndefined();
  });
});

describe('the type of a body', () => {
  it.each([
    ['application/json', 'json'],
    ['application/json; charset=utf-8', 'json'],
    ['application/json;charset="utf-8"; x=y', 'json'],
    ['application/graphql+json', 'json'],
    ['application/json; charset=utf-16', 'unsupported-charset'],
    ['application/json; charset=', 'unsupported-charset'],
    ['text/plain', 'unsupported'],
    [undefined, 'unsupported'],
    ['', 'unsupported'],
  ])('%s is %s', (contentType, expected) => expect(bodyType(contentType)).toBe(expected));

  it.each([
    [undefined, true],
    ['', true],
    ['TEXT/plain; x', true],
    ['multipart/form-data; boundary=a', true],
    ['application/x-www-form-urlencoded', true],
    ['application/json', false],
    ['application/xml', false],
  ])('%s can come from a form: %s', (contentType, expected) => expect(isFormType(contentType)).toBe(expected));
});
