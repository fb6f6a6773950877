import type { IncomingHttpHeaders } from 'node:http';

import { Agent, request } from 'undici';

export interface HttpQuestion {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  /** For everything: connecting, sending, and the last byte of the answer. */
  readonly timeoutMs: number;
  /** Of the answer's body. */
  readonly maxBytes: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Asks the services that a gateway itself needs: key sets, introspection, authorizers. Not for subgraphs. */
export interface HttpClient {
  /**
   * Redirects are not followed: they are answers like others. Nothing is retried.
   *
   * Errors: an Error that says what happened, without the URL's path and without anything that was sent or received.
   */
  ask(question: HttpQuestion): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** Per origin; who has more questions than this waits, within the deadline. */
const CONNECTIONS = 16;

export function createHttpClient(): HttpClient {
  const agent = new Agent({ connections: CONNECTIONS, pipelining: 1 });
  return {
    async ask(question) {
      const abort = new AbortController();
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        abort.abort();
      }, question.timeoutMs);
      try {
        return await exchange(agent, question, abort.signal);
      } catch (error) {
        const { origin } = new URL(question.url);
        const what = isLate ? `did not answer within ${question.timeoutMs} ms` : reasonOf(error);
        throw new Error(`${origin} ${what}`, { cause: error });
      } finally {
        clearTimeout(timer);
        abort.abort();
      }
    },
    close: () => agent.destroy(),
  };
}

async function exchange(agent: Agent, question: HttpQuestion, signal: AbortSignal): Promise<HttpAnswer> {
  const { method, url, headers, body, maxBytes } = question;
  // Unpacked bytes are what counts, so nothing may come packed.
  const all = { 'accept-encoding': 'identity', ...headers };
  const answer = await request(url, { dispatcher: agent, method, headers: all, body: body ?? null, signal });
  const announced = Number(answer.headers['content-length'] ?? 0);
  if (announced > maxBytes) throw new TooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new TooLarge(maxBytes);
    chunks.push(chunk);
  }
  return { status: answer.statusCode, headers: answer.headers, text: Buffer.concat(chunks, size).toString('utf8') };
}

class TooLarge extends Error {
  constructor(maxBytes: number) {
    super(`gave more than ${maxBytes} bytes`);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof TooLarge) return error.message;
  const { code } = error as { readonly code?: unknown };
  return `could not be asked (${typeof code === 'string' ? code : 'unknown'})`;
}
