import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { compileResponseCheck } from '../../../../src/upstream/rest/openapi/compileResponseCheck.js';
import type { AnsweredRequest, ResponseCheck } from '../../../../src/upstream/rest/openapi/compileResponseCheck.js';
import { loadOpenapi } from '../../../../src/upstream/rest/openapi/loadOpenapi.js';

const json = (schema: object): object => ({ content: { 'application/json': { schema } } });

const paths = {
  '/items/{sku}': {
    get: {
      responses: {
        200: { description: 'ok', ...json({ $ref: '#/components/schemas/Item' }) },
        '4XX': { $ref: '#/components/responses/Problem' },
      },
    },
    delete: { responses: { 204: { description: 'gone' } } },
  },
  '/items/new': { get: { responses: { 200: { description: 'ok', ...json({ type: 'string' }) } } } },
  '/tree': { get: { responses: { default: { description: 'ok', ...json({ $ref: '#/components/schemas/Node' }) } } } },
  '/feed': {
    get: {
      responses: {
        200: { description: 'ok', content: { 'application/xml': {}, 'application/*': { schema: { type: 'array' } } } },
      },
    },
  },
};

function documentOf(version: string, item: object): object {
  return {
    openapi: version,
    info: { title: 'Stock', version: '1' },
    paths,
    components: {
      responses: { Problem: { description: 'no', ...json({ type: 'object', required: ['title'] }) } },
      schemas: {
        Item: item,
        Node: {
          type: 'object',
          required: ['id'],
          properties: {
            id: { type: 'string' },
            children: { type: 'array', items: { $ref: '#/components/schemas/Node' } },
          },
        },
      },
    },
  };
}

const properties = {
  sku: { type: 'string' },
  secret: { type: 'string', writeOnly: true },
  place: { type: 'string', enum: ['a', 'b'] },
};
const required = ['sku', 'secret'];
const item30 = {
  type: 'object',
  required,
  properties: { ...properties, units: { type: 'integer', minimum: 0, exclusiveMinimum: true, nullable: true } },
};
const item31 = {
  type: 'object',
  required,
  properties: { ...properties, units: { type: ['integer', 'null'], exclusiveMinimum: 0 } },
};

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'portico-openapi-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function checkOf(version: string, item: object): Promise<ResponseCheck> {
  const file = join(folder, `${version}.json`);
  await writeFile(file, JSON.stringify(documentOf(version, item)));
  return compileResponseCheck(await loadOpenapi(file));
}

const get = (path: string, body: unknown, more: Partial<AnsweredRequest> = {}): AnsweredRequest => ({
  method: 'GET',
  path,
  status: 200,
  contentType: 'application/json; charset=utf-8',
  body,
  ...more,
});

describe.each([
  ['3.0.3', item30],
  ['3.1.0', item31],
])('answers against a document of OpenAPI %s', (version, item) => {
  let check: ResponseCheck;
  beforeAll(async () => void (check = await checkOf(version, item)));

  it.each([
    ['as it is described', get('/items/a', { sku: 'a', units: 3, place: 'a', more: 1 })],
    ['with null where that is said', get('/items/a', { sku: 'a', units: null })],
    ['with an integer beyond what a number holds', get('/items/a', { sku: 'a', units: 9_007_199_254_740_993n })],
    ['without a body', get('/items/a', null, { method: 'DELETE', status: 204, contentType: undefined })],
    ['of a path that is written out', get('/items/new', 'text')],
    ['that goes round in circles', get('/tree', { id: '1', children: [{ id: '2', children: [] }] }, { status: 200 })],
    ['with a failure that is described', get('/items/a', { title: 'no' }, { status: 404 })],
    ['with a failure that is not', get('/items/a', { trace: 1 }, { status: 503 })],
    ['in XML, which is not looked into', get('/feed', { a: 1 }, { contentType: 'application/xml' })],
  ])('are right %s', (_, answer) => expect(check(answer)).toBeUndefined());

  it.each([
    [
      'of another type',
      get('/items/a', { sku: 'a', units: 'many' }),
      /^GET \/items\/\{sku\} 200: \/units must be integer/,
    ],
    ['beyond a bound', get('/items/a', { sku: 'a', units: 0 }), /\/units must be > 0$/],
    ['without what is required', get('/items/a', { units: 1 }), /the body must have required property 'sku'$/],
    [
      'with another value than those listed',
      get('/items/a', { sku: 'a', place: 'zzz' }),
      /\/place must be equal to one of the allowed values$/,
    ],
    ['deep inside', get('/tree', { id: '1', children: [{}] }), /\/children\/0 must have required property 'id'$/],
    ['with a failure of another form', get('/items/a', {}, { status: 404 }), /must have required property 'title'$/],
    [
      'with another status',
      get('/items/a', {}, { status: 201 }),
      /^GET \/items\/\{sku\} 201: the document does not know this status$/,
    ],
    ['with another content type', get('/items/a', 'x', { contentType: 'text/html' }), /no body of this content type/],
    ['by a range of content types', get('/feed', {}, { contentType: 'application/json' }), /the body must be array$/],
    ['of no operation', get('/other', {}), /^GET \/other is not in the document$/],
  ])('are wrong %s', (_, answer, message) => expect(check(answer)).toMatch(message));

  it('are told without their values', () => {
    expect(check(get('/items/a', { sku: 'a', place: 'secret value' }))).not.toContain('secret');
  });
});

describe('a document that cannot be used', () => {
  it.each([
    [
      'is another version',
      { swagger: '2.0', info: { title: 'a', version: '1' }, paths: {} },
      /no OpenAPI 3.0 or 3.1 document/,
    ],
    ['is wrong', { openapi: '3.1.0', paths: {} }, /info|validation/i],
  ])('is refused when it %s', async (_, document, message) => {
    const file = join(folder, 'wrong.json');
    await writeFile(file, JSON.stringify(document));
    await expect(loadOpenapi(file)).rejects.toThrow(message);
  });
});
