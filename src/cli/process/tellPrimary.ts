import type { ServingMessage } from './messages.js';

/** From a serving process. Nobody hears it when the primary has died. */
export function tellPrimary(message: ServingMessage): void {
  process.send?.(message);
}
