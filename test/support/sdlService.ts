import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { SubgraphDefinition } from '../../src/supergraph/sources/SubgraphDefinition.js';

/** What a service does when it is asked for its SDL. */
export type SdlAnswer = string | ((request: IncomingMessage, response: ServerResponse) => void);

/** A running subgraph that gives its SDL, and that tests break. */
export interface SdlService {
  readonly name: string;
  readonly url: string;
  readonly definition: SubgraphDefinition;
  /** An SDL, or a handler that does something else. */
  answer: SdlAnswer;
  /** The data of every other answer: a gateway takes what it asked for. */
  data: Readonly<Record<string, unknown>>;
  /** How long every other answer takes, in milliseconds. */
  delayMs: number;
  /** How often it was asked for anything. */
  asked: number;
  /** Headers of the last question. */
  headers: IncomingMessage['headers'];
  /** Connections are refused from now on. */
  goDown(): Promise<void>;
  comeUp(): Promise<void>;
}

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@inaccessible"])\n';

/** Starts one on a free port, which it keeps when it goes down and comes up. */
export async function startSdlService(name: string, answer: SdlAnswer): Promise<SdlService> {
  const server = createServer((request, response) => {
    service.asked++;
    service.headers = request.headers;
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (typeof service.answer === 'function') return service.answer(request, response);
      response.setHeader('content-type', 'application/json');
      if (body.includes('_service'))
        return response.end(JSON.stringify({ data: { _service: { sdl: link + service.answer } } }));
      return setTimeout(() => response.end(JSON.stringify({ data: service.data })), service.delayMs);
    });
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/graphql`;
  const service: SdlService = {
    name,
    url,
    definition: { name, url, schema: { kind: 'service', url, headers: {} } },
    answer,
    data: {},
    delayMs: 0,
    asked: 0,
    headers: {},
    goDown: async () => {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
    comeUp: () => listen(port),
  };
  return service;
}
