import type { Dispatcher } from 'undici';

import { PorticoError } from '../../base/errors/PorticoError.js';
import type { Lifetime } from '../../base/kit/Lifetime.js';
import type { HeaderPairs } from '../SubgraphClient.js';

import type { SubgraphDispatcher } from './PoolOptions.js';
import { transportError } from './transportError.js';

export interface PathProbe {
  readonly subgraph: string;
  readonly origin: string;
  /** `/health`, with a query string or without. */
  readonly path: string;
  readonly headers: HeaderPairs;
  readonly pool: SubgraphDispatcher;
}

/** Asks for a path with GET; nothing of the body is kept. Rejects unless the answer is 2xx and came within the lifetime. */
export function probePath({ subgraph, origin, path, headers, pool }: PathProbe, lifetime: Lifetime): Promise<void> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let isSettled = false;
    const settle = (error?: Error): void => {
      if (isSettled) return;
      isSettled = true;
      stopListening();
      if (error === undefined) resolve();
      else reject(error);
    };
    const stopListening = lifetime.onEnd((end) => {
      const error = new Error(`the probe of ${subgraph} ended: ${end}`);
      settle(error);
      controller?.abort(error);
    });
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started;
        if (isSettled) started.abort(new Error('nobody waits'));
      },
      onResponseStart(started, status) {
        if (status < 200) return;
        if (status < 300) settle();
        else settle(new PorticoError('SUBREQUEST_HTTP_ERROR', `answered ${status}`, { details: { subgraph, status } }));
        // A status is all that is asked for; the socket is not kept.
        started.abort(new Error('enough was read'));
      },
      onResponseData() {},
      onResponseEnd() {},
      onResponseError: (_controller, error) => settle(transportError(subgraph, origin, error)),
    };
    if (isSettled) return;
    const flat = headers.flat();
    pool.dispatch({ origin, path, method: 'GET', headers: flat, headersTimeout: 0, bodyTimeout: 0 }, handler);
  });
}
