import type { SupergraphSource } from '../../supergraph/sources/SupergraphSource.js';
import type { PrimaryMessage } from './messages.js';
import { tellPrimary } from './tellPrimary.js';

/** In a serving process: the supergraph that the primary has, and each newer one (see SharedSupergraph). */
export function primarySource(): SupergraphSource {
  return {
    initialize: ({ update }) =>
      new Promise((resolve) => {
        let first = true;
        const onMessage = (message: PrimaryMessage): void => {
          if (message.kind !== 'supergraph') return;
          if (!first) return update(message.sdl);
          first = false;
          resolve({
            supergraphSdl: message.sdl,
            cleanup: async () => void process.off('message', onMessage),
          });
        };
        process.on('message', onMessage);
        tellPrimary({ kind: 'supergraph-wanted' });
      }),
  };
}
