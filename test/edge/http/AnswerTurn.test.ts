import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { describe, expect, test } from 'vitest';

import { failures } from '../../../src/base/telemetry/channels.js';
import { AnswerTurn } from '../../../src/edge/http/AnswerTurn.js';

type Answered = Parameters<AnswerTurn['end']>[0];
type Places = NonNullable<ReturnType<Answered['yieldPlace']>>;

/** An exchange with a response. */
function exchangeWith(response: ServerResponse): Answered {
  let places: Places | undefined;
  return {
    requestId: 'a request',
    response,
    holdPlace: (given) => void (places = given),
    yieldPlace() {
      const held = places;
      places = undefined;
      held?.leave();
      return held;
    },
  };
}

/** One that notes when it is ended. */
function responseThat(onEnd: (body: Buffer | undefined) => void): Answered {
  return exchangeWith({ destroyed: false, end: onEnd } as unknown as ServerResponse);
}

function block(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

describe('AnswerTurn', () => {
  test('writes the answers of a turn together, in their order, when the turn is over', async () => {
    const turn = new AnswerTurn();
    const written: string[] = [];
    turn.end(
      responseThat((body) => written.push(String(body))),
      Buffer.from('first'),
    );
    await Promise.resolve();
    turn.end(
      responseThat((body) => written.push(String(body))),
      Buffer.from('second'),
    );
    turn.end(
      responseThat((body) => written.push(String(body))),
      undefined,
    );
    expect(written).toEqual([]);
    await nextTurn();
    expect(written).toEqual(['first', 'second', 'undefined']);
  });

  test('begins anew with the next turn', async () => {
    const turn = new AnswerTurn();
    const written: string[] = [];
    const first = responseThat(() => {
      written.push('first');
      turn.end(
        responseThat(() => written.push('answered while the first was written')),
        undefined,
      );
    });
    turn.end(first, undefined);
    await nextTurn();
    expect(written).toEqual(['first']);
    await nextTurn();
    expect(written).toEqual(['first', 'answered while the first was written']);
  });

  test('an answer that has waited long enough takes all with it, and nobody is written twice', async () => {
    const turn = new AnswerTurn();
    const written: string[] = [];
    const answer = (name: string): void =>
      turn.end(
        responseThat(() => written.push(name)),
        undefined,
      );
    answer('first');
    block(3);
    answer('second');
    expect(written).toEqual(['first', 'second']);
    answer('third');
    expect(written).toEqual(['first', 'second']);
    await nextTurn();
    expect(written).toEqual(['first', 'second', 'third']);
    await nextTurn();
    expect(written).toHaveLength(3);
  });

  test('runs in the context of no request: what one has stored never reaches another', async () => {
    const storage = new AsyncLocalStorage<string>();
    const turn = new AnswerTurn();
    const seen: Array<string | undefined> = [];
    const answer = (): void =>
      turn.end(
        responseThat(() => seen.push(storage.getStore())),
        undefined,
      );
    storage.run('a', answer);
    storage.run('b', () => {
      block(3);
      answer();
    });
    storage.run('c', answer);
    await nextTurn();
    expect(seen).toEqual([undefined, undefined, undefined]);
  });

  test('one that cannot be written is closed, told of, and keeps nobody else from being written', async () => {
    const turn = new AnswerTurn();
    const written: string[] = [];
    const told: unknown[] = [];
    const stop = failures.subscribe((failure) => told.push(failure));
    const error = new Error('tampered with');
    const bad = {
      destroyed: false,
      end: () => {
        throw error;
      },
      destroy: () => written.push('closed'),
    };
    turn.end(exchangeWith(bad as unknown as ServerResponse), undefined);
    turn.end(
      responseThat(() => written.push('written')),
      undefined,
    );
    await nextTurn();
    stop();
    expect(written).toEqual(['closed', 'written']);
    expect(told).toEqual([{ requestId: 'a request', error }]);
  });

  test('what waits takes no place; what is written and not read has one until it is closed', async () => {
    const turn = new AnswerTurn();
    let held = 1;
    const places: Places = { enterAgain: () => held++, leave: () => held-- };
    const exchange = responseThat(() => {});
    exchange.holdPlace(places);
    turn.end(exchange, undefined);
    expect(held).toBe(0);
    await nextTurn();
    expect(held).toBe(1);
    exchange.yieldPlace();
    expect(held).toBe(0);
    for (const response of [{ destroyed: true }, { destroyed: false, writableFinished: true, end: () => {} }]) {
      const other = exchangeWith(response as unknown as ServerResponse);
      places.enterAgain();
      other.holdPlace(places);
      turn.end(other, undefined);
      await nextTurn();
      expect(held).toBe(0);
    }
  });

  test('those that are late are written before something else begins, others are not', async () => {
    const turn = new AnswerTurn();
    const written: string[] = [];
    turn.writeLate();
    turn.end(
      responseThat(() => written.push('late')),
      undefined,
    );
    turn.writeLate();
    expect(written).toEqual([]);
    block(3);
    turn.writeLate();
    expect(written).toEqual(['late']);
    await nextTurn();
    expect(written).toHaveLength(1);
  });

  test('a client that has gone meanwhile disturbs nobody', async () => {
    const turn = new AnswerTurn();
    const server = createServer((request, response) => {
      response.writeHead(200, ['content-length', '2']);
      turn.end(exchangeWith(response), Buffer.from('ok'));
      if (request.url === '/gone') request.socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const gone = httpRequest({ port, host: '127.0.0.1', path: '/gone' }).end();
      const here = httpRequest({ port, host: '127.0.0.1', path: '/here' }).end();
      const [[error], [response]] = await Promise.all([once(gone, 'error'), once(here, 'response')]);
      expect(error).toMatchObject({ code: 'ECONNRESET' });
      const chunks = await response.toArray();
      expect(Buffer.concat(chunks).toString()).toBe('ok');
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
