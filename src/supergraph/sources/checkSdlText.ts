import { PorticoError } from '../../base/errors/PorticoError.js';

/**
 * Says what is wrong with a text that is obviously no supergraph, in words that help: deployments deliver empty files, and servers deliver
 * error pages. Everything else is the reader's business.
 *
 * Errors: SUPERGRAPH_INVALID.
 */
export function checkSdlText(sdl: string): void {
  const start = sdl.slice(0, 1000).trimStart();
  if (start === '') throw new PorticoError('SUPERGRAPH_INVALID', 'The supergraph is empty');
  if (/^<(!doctype|html|\?xml)/i.test(start)) {
    throw new PorticoError('SUPERGRAPH_INVALID', 'The supergraph is an HTML or XML page, not a schema');
  }
}
