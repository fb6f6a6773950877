import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the service got it. */
export interface RestRequestSeen {
  readonly method: string;
  /** With the query string, as it was on the wire. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface RestAnswer {
  /** Default 200. */
  readonly status?: number;
  /** What is sent as JSON; a string is sent as it is. Default: nothing. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the service answers; undefined: nothing, the request hangs. */
export type RestHandler = (request: RestRequestSeen) => RestAnswer | undefined;

/** A REST service over a real socket that records every request. */
export interface RestService {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  readonly seen: RestRequestSeen[];
  handler: RestHandler;
  close(): Promise<void>;
}

export async function startRestService(handler: RestHandler): Promise<RestService> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
      service.seen.push(seen);
      const answer = service.handler(seen);
      if (answer === undefined) return;
      const isText = typeof answer.body === 'string';
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
      response.end(
        answer.body === undefined ? undefined : isText ? (answer.body as string) : JSON.stringify(answer.body),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const service: RestService = {
    url: `http://127.0.0.1:${port}`,
    seen: [],
    handler,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return service;
}
