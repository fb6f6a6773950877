import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';

import type { Exchange } from '../Exchange.js';
import { SECURITY_HEADERS } from '../guards/securityHeaders.js';
import { readAssets, weakTag } from './readAssets.js';
import { PAGE_POLICY, renderPage } from './renderPage.js';
import type { PageIdentity } from './renderPage.js';

export interface PlaygroundOptions {
  /** GraphQL documents that fit the graph, one tab each. Default: none, a page that explains itself. */
  readonly examples?: readonly string[] | undefined;
  /** Callers to choose from, with their credentials: whoever opens the page gets them. Default: none. */
  readonly identities?: readonly PageIdentity[] | undefined;
}

/** The page for trying out the graph: GraphiQL with the query plan beside the answer. Everything it loads comes from here. */
export interface Playground {
  answerPage(exchange: Exchange): void;
  /** A file of the page. Gives false, and answers nothing, when there is none of that name. */
  answerAsset(exchange: Exchange, name: string): boolean;
}

const decompress = promisify(brotliDecompress);
const ISOLATION = ['cross-origin-opener-policy', 'same-origin', 'cross-origin-resource-policy', 'same-origin'];
const PAGE_HEADERS = withPolicy(SECURITY_HEADERS, PAGE_POLICY).concat(ISOLATION);
const ASSET_HEADERS = SECURITY_HEADERS.concat(ISOLATION);

/** @param endpoint path of the GraphQL endpoint */
export function createPlayground(endpoint: string, options: PlaygroundOptions): Playground {
  const assets = readAssets();
  const { examples = [], identities = [] } = options;
  const page = Buffer.from(renderPage({ endpoint, examples, identities }));
  const pageTag = weakTag(page);
  return {
    answerPage(exchange) {
      const head = [...PAGE_HEADERS, 'content-type', 'text/html; charset=utf-8', 'vary', 'accept'];
      send(exchange, head, pageTag, page);
    },
    answerAsset(exchange, name) {
      const asset = assets.get(name);
      if (asset === undefined) return false;
      const head = [...ASSET_HEADERS, 'content-type', asset.contentType, 'vary', 'accept-encoding'];
      if (takesBrotli(exchange.raw)) {
        send(exchange, [...head, 'content-encoding', 'br'], asset.etag, asset.compressed);
      } else {
        // Browsers want Brotli only where the origin is secure or this machine; everybody else is rare enough to wait.
        void decompress(asset.compressed).then((plain) => send(exchange, head, asset.etag, plain));
      }
      return true;
    },
  };
}

/** A browser that opens an address, as opposed to a GraphQL client: only browsers name `text/html`. */
export function isNavigation({ method, headers }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && headers.accept?.includes('text/html') === true;
}

function send(exchange: Exchange, head: readonly string[], etag: string, body: Buffer): void {
  const { raw, response } = exchange;
  if (response.headersSent || response.destroyed) return;
  // Checked at each use, because a newer gateway on the same port has another page.
  const headers = [...head, 'cache-control', 'no-cache', 'etag', etag, 'x-request-id', exchange.requestId];
  if (raw.headers['if-none-match'] === etag) {
    response.writeHead(304, headers).end();
    return;
  }
  exchange.responseBytes = body.length;
  response.writeHead(200, [...headers, 'content-length', String(body.length)]);
  response.end(raw.method === 'HEAD' ? undefined : body);
}

function takesBrotli({ headers }: IncomingMessage): boolean {
  const accepted = headers['accept-encoding'];
  return typeof accepted === 'string' && /(^|[\s,])br\s*(,|$)/.test(accepted);
}

function withPolicy(headers: readonly string[], policy: string): readonly string[] {
  return headers.map((value, at) => (headers[at - 1] === 'content-security-policy' ? policy : value));
}
