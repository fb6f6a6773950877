import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Kind, parse, visit } from 'graphql';
import type { ConstDirectiveNode } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { importOpenapi } from '../../../src/cli/openapi/importOpenapi.js';
import type { ImportedSdl, ImportOptions } from '../../../src/cli/openapi/importOpenapi.js';
import { readOpenapi } from '../../../src/cli/openapi/readOpenapi.js';
import { compose } from '../../../src/supergraph/compose/compose.js';
import { parseSelection } from '../../../src/supergraph/connect/mapping/parseSelection.js';
import { parseHeader } from '../../../src/supergraph/connect/template/parseHeader.js';
import { parseUrl } from '../../../src/supergraph/connect/template/parseUrl.js';
import { ORDERS, PET_SHOP, SMALLEST } from './documents.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-openapi-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function imported(text: string, options?: ImportOptions): Promise<ImportedSdl> {
  const file = join(folder, 'document.yaml');
  await writeFile(file, text);
  return importOpenapi(await readOpenapi(file), options);
}

/** Every text of every directive is one that the gateway understands. */
function checkTexts(sdl: string): number {
  let count = 0;
  const check = (
    result: ReturnType<typeof parseSelection> | ReturnType<typeof parseUrl> | ReturnType<typeof parseHeader>,
  ): void => {
    count++;
    if (!result.ok) throw new Error(`${result.problem.line}:${result.problem.column} ${result.problem.message}`);
  };
  visit(parse(sdl), {
    Directive({ name, arguments: list = [] }) {
      if (name.value !== 'connect' && name.value !== 'source') return;
      const directive = list as ConstDirectiveNode['arguments'] & object;
      for (const { name: argument, value } of directive) {
        if (value.kind === Kind.STRING && argument.value === 'selection') check(parseSelection(value.value));
        if (value.kind !== Kind.OBJECT) continue;
        for (const field of value.fields) {
          const text = field.value.kind === Kind.STRING ? field.value.value : '';
          if (/^(GET|POST|PUT|PATCH|DELETE|baseURL)$/.test(field.name.value)) check(parseUrl(text));
          else if (field.name.value !== 'headers') check(parseSelection(text));
          if (field.value.kind !== Kind.LIST) continue;
          for (const each of field.value.values) {
            if (each.kind !== Kind.OBJECT) continue;
            const of = Object.fromEntries(
              each.fields.map((part) => [part.name.value, part.value.kind === Kind.STRING ? part.value.value : '']),
            );
            check(parseHeader({ name: of['name']!, from: of['from'], value: of['value'] }));
          }
        }
      }
    },
  });
  return count;
}

describe('portico import openapi', () => {
  it('a shop of pets: paths, parameters, bodies, enums, security', async () => {
    const { sdl, notes, fieldCount } = await imported(PET_SHOP);
    expect(fieldCount).toBe(5);
    await expect(sdl).toMatchFileSnapshot('petShop.graphql');
    expect(notes).toEqual([
      '2 servers: the first is taken, https://eu.pets.example/v2',
      'security "api_key": the header X-Api-Key is sent from $config.api_key',
      `security "oauth": the client's header authorization is passed on`,
      'GET /pets: the query parameter "filter[breed]" is the argument "filterBreed"',
      'GET /pets: the header parameter "X-Request-Source" is the argument "xRequestSource"',
      'integers of 64 bits: taken as Float, since Int has 32 bits',
      'Pet size: values of the enum are no GraphQL names: taken as String',
      'Pet.parents: left out, since Pet would contain itself without end; write a connector for it',
      'Pet extra: an object without properties: taken as JSON',
      'POST /pets: the field is called addPet, since "add-pet" is no GraphQL name',
      'PetInput contains itself: within, its fields are sent under their GraphQL names',
      'GET /pets/{petId}: the path parameter "petId" is the argument "id", the key of Pet',
      'POST /pets/{petId}/image: it has no operationId: the field is called postPetsByPetIdImage',
      'POST /pets/{petId}/image: left out: its body is image/png, not JSON or a form',
      'POST /login: it has no operationId: the field is called postLogin',
    ]);
  });

  it('orders: 3.1, allOf, null, no operationIds, names that are taken', async () => {
    const { sdl, notes } = await imported(ORDERS, { name: 'orders', url: 'http://localhost:4010/api/' });
    await expect(sdl).toMatchFileSnapshot('orders.graphql');
    expect(notes).toContain('GET /report: left out: it answers application/pdf, not JSON');
    expect(notes).toContain(
      'GET /orders/{order_id}/lines/{line}: the cookie parameter "session" is left out: cookies cannot be sent',
    );
    expect(notes).toContain(
      'GET /orders/{order_id}/lines/{line}: the query parameter "where" is left out: such values cannot be sent',
    );
    expect(notes).toContain('Order payment: one of 2 schemas: taken as JSON');
  });

  it('what it writes composes, and the gateway understands every text in it', async () => {
    for (const text of [PET_SHOP, ORDERS, SMALLEST]) {
      const { sdl } = await imported(text);
      expect(checkTexts(sdl)).toBeGreaterThan(2);
      const { supergraphSdl } = compose([{ name: 'imported', url: 'http://unused.example', sdl }]);
      expect(supergraphSdl).toContain('join__Graph');
    }
  });

  it('a document without a host gets a placeholder, and says so', async () => {
    const { sdl, notes } = await imported(SMALLEST);
    expect(sdl).toContain('baseURL: "https://api.example.com"');
    expect(sdl).toContain('root: JSON');
    expect(notes[0]).toBe(
      'the document names no server with a host: the URL is https://api.example.com; choose one with --url',
    );
  });

  it('an odd document changes nothing but itself: names, descriptions and paths stay what they are', async () => {
    const { sdl } = await imported(
      JSON.stringify({
        openapi: '3.0.0',
        info: { title: '"""\n} type Query', version: '\n@evil' },
        paths: {
          '/a"{$config.x}/{id}': {
            get: {
              operationId: 'a") @evil',
              description: 'ends with """ and \\ and "',
              parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
              responses: {
                '200': {
                  description: 'x',
                  content: {
                    'application/json': {
                      schema: {
                        type: 'object',
                        properties: { 'a" } b': { type: 'string' }, __proto__2: {}, constructor: { type: 'string' } },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      }),
    );
    expect(sdl).not.toContain('@evil(');
    expect(() => compose([{ name: 'odd', url: 'http://unused.example', sdl }])).not.toThrow();
  });

  it('says what is wrong with a document', async () => {
    const says = (text: string): Promise<unknown> =>
      imported(text).then(
        () => 'imported',
        (error: unknown) => (error as Error).message,
      );
    expect(await says('swagger: "2.0"\ninfo: { title: x, version: "1" }\npaths: {}')).toContain(
      'is no OpenAPI 3.0 or 3.1 document',
    );
    expect(await says('{')).toContain('cannot be imported');
    await expect(readOpenapi('nowhere.yaml')).rejects.toThrow('nowhere.yaml: does not exist');
    expect(await says('openapi: 3.0.0\ninfo: {}\npaths: {}')).toContain('cannot be imported');
    expect(
      await says('openapi: 3.0.0\ninfo: { title: x, version: "1" }\npaths: { /a: { $ref: "http://127.0.0.1:1/x" } }'),
    ).toContain('cannot be imported');
  });
});
