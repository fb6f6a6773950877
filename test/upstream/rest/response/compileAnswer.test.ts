import { describe, expect, it } from 'vitest';

import { parseAnswer } from '../../../../src/supergraph/connect/template/parseAnswer.js';
import type { AnswerTexts } from '../../../../src/supergraph/connect/template/parseAnswer.js';
import { compileAnswer } from '../../../../src/upstream/rest/response/compileAnswer.js';
import type { MappedAnswer, RestAnswer } from '../../../../src/upstream/rest/response/compileAnswer.js';

function answer(texts: Partial<AnswerTexts>, of: Partial<RestAnswer>, variables = {}): MappedAnswer {
  const parsed = parseAnswer({
    version: '0.3',
    selection: 'id',
    isSuccess: undefined,
    errors: undefined,
    restSource: undefined,
    ...texts,
  });
  if (!parsed.ok) throw new Error(parsed.problems[0]!.message);
  return compileAnswer(parsed.value)({ status: 200, headers: {}, body: { id: 1 }, ...of }, variables);
}

describe('what becomes of an answer', () => {
  it('a 2xx is mapped by the selection, with what was asked and what came', () => {
    const selection =
      'id arg: $args.a s: $status tag: $response.headers.etag->first all: $response.headers."set-cookie"';
    const headers = { etag: 'x', 'set-cookie': ['a', 'b'] };
    expect(answer({ selection }, { status: 201, headers }, { $args: { a: 2 } })).toEqual({
      ok: true,
      data: { id: 1, arg: 2, s: 201, tag: 'x', all: ['a', 'b'] },
      problems: [],
    });
    expect(answer({}, { body: {} })).toMatchObject({
      ok: true,
      data: {},
      problems: [{ argument: 'selection', message: 'There is no "id" in object', path: ['id'] }],
    });
    expect(answer({ selection: '$.gone' }, {})).toMatchObject({ ok: true, data: undefined });
  });

  it('any other status is a failure, of which nothing is told that nobody mapped', () => {
    for (const status of [199, 300, 304, 404, 500]) {
      expect(answer({}, { status, body: { secret: 's' } })).toEqual({
        ok: false,
        failure: { message: undefined, extensions: {} },
        problems: [],
      });
    }
  });

  it('isSuccess decides in the place of the status; only true is a yes', () => {
    const isSuccess = '$.ok';
    expect(answer({ isSuccess }, { status: 500, body: { ok: true, id: 2 } })).toMatchObject({
      ok: true,
      data: { id: 2 },
    });
    for (const ok of [false, 'true', 1, null, [true]]) {
      expect(answer({ isSuccess }, { body: { ok } })).toMatchObject({ ok: false });
    }
    expect(answer({ isSuccess }, { body: {} })).toMatchObject({ ok: false, problems: [{ argument: 'isSuccess' }] });
    const restSource = { isSuccess: '$status->in([200, 404])', errors: undefined };
    expect(answer({ restSource }, { status: 404 })).toMatchObject({ ok: true });
    expect(answer({ restSource, isSuccess: '$(false)' }, { status: 404 })).toMatchObject({ ok: false });
  });

  it('errors: message and extensions, the connector over its source', () => {
    const restSource = {
      isSuccess: undefined,
      errors: { message: 'error.text', extensions: 'code: error.code status: $status' },
    };
    const of = { status: 422, body: { error: { text: 'no', code: 'E1' } } };
    expect(answer({ restSource }, of)).toMatchObject({
      failure: { message: 'no', extensions: { code: 'E1', status: 422 } },
    });
    const errors = { message: '$("own")', extensions: 'code: $("E2") "__proto__": $(1)' };
    const both = answer({ restSource, errors }, of);
    expect(both).toMatchObject({ failure: { message: 'own', extensions: { code: 'E2', status: 422 } } });
    expect(answer({ errors: { message: '$(5)', extensions: '$(5)' } }, of)).toMatchObject({
      failure: { message: undefined, extensions: {} },
    });
  });

  it('getters of variables are called when they are read', () => {
    let called = 0;
    const variables = Object.defineProperty({}, '$request', {
      enumerable: true,
      get: () => (called++, { headers: { a: ['1'] } }),
    });
    answer({}, {}, variables);
    expect(called).toBe(0);
    expect(answer({ selection: 'a: $request.headers.a->first' }, {}, variables)).toMatchObject({ data: { a: '1' } });
    expect(called).toBe(1);
  });

  it('every text that is wrong is reported', () => {
    const errors = { message: '(', extensions: ')' };
    const parsed = parseAnswer({
      version: '0.2',
      selection: 'a?',
      isSuccess: '}',
      errors,
      restSource: { isSuccess: ',', errors },
    });
    expect(parsed.ok ? [] : parsed.problems.map(({ argument }) => argument).toSorted()).toEqual([
      'errors.extensions',
      'errors.message',
      'isSuccess',
      'selection',
      'source.errors.extensions',
      'source.errors.message',
      'source.isSuccess',
    ]);
  });
});
