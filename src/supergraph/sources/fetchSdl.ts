import { parse } from 'graphql';
import { request } from 'undici';
import type { Dispatcher } from 'undici';

import { PorticoError } from '../../base/errors/PorticoError.js';

export interface FetchSdlOptions {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Total time, from the first byte sent to the last byte received, in milliseconds. Default 5 s. */
  readonly timeoutMs?: number | undefined;
  /** Most bytes of the answer. Default 10 MB. */
  readonly maxBytes?: number | undefined;
  /** Ends the call early. */
  readonly signal?: AbortSignal | undefined;
  readonly dispatcher?: Dispatcher | undefined;
}

const QUERY = '{ _service { sdl } }';

/**
 * The SDL that a running subgraph gives of itself (Federation's subgraph specification, `_service { sdl }`).
 *
 * Redirects are not followed: the headers may carry a credential.
 *
 * Errors: SUBGRAPH_SDL_UNAVAILABLE, with what happened and nothing of the answer's text, for everything but a document of GraphQL.
 */
export async function fetchSdl(url: string, options: FetchSdlOptions = {}): Promise<string> {
  const { timeoutMs = 5000, maxBytes = 10_000_000, headers, dispatcher } = options;
  const deadline = AbortSignal.timeout(timeoutMs);
  const unavailable = (why: string, cause?: unknown): PorticoError =>
    new PorticoError('SUBGRAPH_SDL_UNAVAILABLE', `${withoutQuery(url)} ${why}`, { cause });
  let text: string;
  let contentType: string;
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query: QUERY }),
      signal: options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]),
      // The next question comes long after servers close idle connections.
      reset: true,
      ...(dispatcher === undefined ? {} : { dispatcher }),
    });
    // A body that is given up fails once more, as a stream.
    answer.body.on('error', () => {});
    contentType = String(answer.headers['content-type'] ?? 'something without a content type').split(';')[0]!;
    if (answer.statusCode !== 200) {
      answer.body.destroy();
      throw unavailable(`answered with status ${answer.statusCode}`);
    }
    const read = await readText(answer.body, maxBytes);
    if (read === undefined) throw unavailable(`answered with more than ${maxBytes} bytes`);
    text = read;
  } catch (error) {
    if (error instanceof PorticoError) throw error;
    if (deadline.aborted) throw unavailable(`did not answer within ${timeoutMs} ms`, error);
    const { code, message } = error as NodeJS.ErrnoException;
    throw unavailable(`cannot be reached (${code ?? message})`, error);
  }
  const answer = parseJson(text);
  if (answer === undefined) throw unavailable(`answered with ${contentType}, not with JSON`);
  const sdl = readSdl(answer);
  if (sdl === undefined) throw unavailable(`does not answer ${QUERY}: it is no federation subgraph`);
  try {
    parse(sdl, { noLocation: true });
  } catch (error) {
    throw unavailable('gave a schema that is not GraphQL', error);
  }
  return sdl;
}

async function readText(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += (chunk as Buffer).length;
    // Leaving the loop destroys the body, and with it the connection.
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readSdl(answer: unknown): string | undefined {
  const service = property(property(answer, 'data'), '_service');
  const sdl = property(service, 'sdl');
  return typeof sdl === 'string' && sdl.trim() !== '' ? sdl : undefined;
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

/** A URL for a message: its query may hold a key. */
function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
