/** OpenAPI documents for tests, as text. */

export const PET_SHOP = `
openapi: 3.0.3
info: { title: Pet Shop, version: "2.1" }
servers:
  - url: https://{region}.pets.example/v2
    variables: { region: { default: eu } }
  - url: https://backup.pets.example
security: [{ api_key: [] }]
paths:
  /pets:
    get:
      operationId: findPets
      summary: Pets on sale
      parameters:
        - { name: status, in: query, schema: { $ref: "#/components/schemas/Status" } }
        - { name: tags, in: query, schema: { type: array, items: { type: string } } }
        - { name: "filter[breed]", in: query, explode: false, schema: { type: array, items: { type: string } } }
        - { name: limit, in: query, required: true, schema: { type: integer, format: int32 } }
        - { name: X-Request-Source, in: header, schema: { type: string } }
      responses:
        "200":
          description: pets
          content: { application/json: { schema: { type: array, items: { $ref: "#/components/schemas/Pet" } } } }
    post:
      operationId: add-pet
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } }
      responses:
        "201":
          description: the new pet
          content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } }
  /pets/{petId}:
    parameters: [{ name: petId, in: path, required: true, description: Its number, schema: { type: integer, format: int64 } }]
    get:
      operationId: getPet
      responses:
        "200":
          description: a pet
          content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } }
    delete:
      operationId: deletePet
      deprecated: true
      security: [{ oauth: [] }]
      responses: { "204": { description: gone } }
  /pets/{petId}/image:
    post:
      parameters: [{ name: petId, in: path, required: true, schema: { type: string } }]
      requestBody: { content: { image/png: { schema: { type: string, format: binary } } } }
      responses: { "200": { description: ok } }
  /login:
    post:
      requestBody:
        content: { application/x-www-form-urlencoded: { schema: { type: object, required: [user], properties: { user: { type: string }, pass-word: { type: string } } } } }
      responses:
        "200": { description: a token, content: { text/plain: { schema: { type: string } } } }
components:
  securitySchemes:
    api_key: { type: apiKey, name: X-Api-Key, in: header }
    oauth: { type: oauth2, flows: {} }
    unused: { type: http, scheme: basic }
  schemas:
    Status: { type: string, enum: [available, sold] }
    Pet:
      description: A pet
      type: object
      required: [id, name]
      properties:
        id: { type: integer, format: int64, readOnly: true }
        name: { type: string, description: 'What it is called, "in short"' }
        status: { $ref: "#/components/schemas/Status" }
        size: { type: string, enum: [s, m, "3"] }
        first-owner: { type: object, properties: { "@type": { type: string }, name: { type: string } } }
        parents: { type: array, items: { $ref: "#/components/schemas/Pet" } }
        extra: { type: object, additionalProperties: true }
        secret: { type: string, writeOnly: true }
`;

export const ORDERS = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Orders & more', version: '1' },
  servers: [{ url: '/api' }],
  paths: {
    '/orders/{order_id}/lines/{line}': {
      get: {
        parameters: [
          { name: 'order_id', in: 'path', required: true, schema: { type: 'string' } },
          { name: 'line', in: 'path', required: true, schema: { type: 'integer' } },
          { name: 'session', in: 'cookie', schema: { type: 'string' } },
          {
            name: 'where',
            in: 'query',
            style: 'deepObject',
            schema: { type: 'object', properties: { a: { type: 'string' } } },
          },
        ],
        responses: {
          default: {
            description: 'x',
            content: { 'application/hal+json': { schema: { $ref: '#/components/schemas/Line' } } },
          },
        },
      },
    },
    '/orders': {
      get: {
        responses: {
          '200': {
            description: 'x',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  properties: {
                    items: { type: 'array', items: { $ref: '#/components/schemas/Order' } },
                    next: { type: ['string', 'null'] },
                  },
                },
              },
            },
          },
        },
      },
      put: {
        requestBody: {
          content: { 'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Order' } } } },
        },
        responses: { '2XX': { description: 'x', content: { 'application/json': { schema: { type: 'integer' } } } } },
      },
    },
    '/orders/{id}': {
      get: {
        operationId: 'order',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: {
          '200': {
            description: 'x',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } },
          },
        },
      },
    },
    '/report': {
      get: { operationId: 'order', responses: { '200': { description: 'x', content: { 'application/pdf': {} } } } },
    },
  },
  components: {
    schemas: {
      Base: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
      Order: {
        allOf: [
          { $ref: '#/components/schemas/Base' },
          {
            type: 'object',
            properties: {
              total: { anyOf: [{ type: 'number' }, { type: 'null' }] },
              payment: { oneOf: [{ type: 'string' }, { type: 'object', properties: { card: { type: 'string' } } }] },
              lines: { type: 'array', items: { $ref: '#/components/schemas/Line' } },
              grid: { type: 'array', items: { type: 'array', items: { type: 'boolean' } } },
            },
          },
        ],
      },
      Line: {
        type: 'object',
        properties: {
          sku: { type: 'string' },
          order: { $ref: '#/components/schemas/Order' },
          Query: { type: 'object', properties: { x: { type: 'string' } } },
        },
      },
      Query: { type: 'object', properties: { q: { type: 'string' } } },
    },
  },
});

export const SMALLEST = JSON.stringify({
  openapi: '3.0.0',
  info: { title: '1st', version: '' },
  paths: { '/': { get: { responses: { '200': { description: 'x', content: { 'application/json': {} } } } } } },
});
