import { describe, expect, it } from 'vitest';

import { createGateway } from '../../src/gateway/createGateway.js';
import type { GatewayOptions } from '../../src/gateway/GatewayOptions.js';

const supergraphSdl = 'type Query { a: Int }';

function complaint(options: unknown): string {
  try {
    createGateway(options as GatewayOptions);
    return '';
  } catch (error) {
    expect(error).toMatchObject({ name: 'PorticoError', code: 'CONFIG_INVALID' });
    return (error as Error).message;
  }
}

describe('createGateway refuses', () => {
  it.each<[string, unknown, string]>([
    ['no supergraph', {}, 'createGateway: needs one of supergraphSdl and supergraph, and has none'],
    [
      'two supergraphs',
      { supergraphSdl, supergraph: { subgraphs: { a: { routingUrl: 'http://a', schema: { sdl: 'x' } } } } },
      'createGateway: has both supergraphSdl and supergraph',
    ],
    ['an unknown option', { supergraphSdl, limit: {} }, 'createGateway: limit is not a setting (did you mean limits?)'],
    [
      'a time without a unit',
      { supergraphSdl, trafficShaping: { all: { timeout: 3000 } } },
      'createGateway: trafficShaping.all.timeout must be',
    ],
    ['a setting of portico start', { supergraphSdl, server: { port: 4000 } }, 'createGateway: server is not a setting'],
    [
      'an option of Apollo Gateway',
      { supergraphSdl, buildService: () => {} },
      'createGateway: buildService is an option of Apollo Gateway: use willSendRequest and didReceiveResponse, or decorate',
    ],
    [
      'a file that is not there',
      { supergraph: { file: 'no-such.graphql' } },
      'createGateway: supergraph.file names a file that does not exist',
    ],
  ])('%s', (_name, options, expected) => {
    expect(complaint(options)).toContain(expected);
  });

  it('all mistakes at once, a line each', () => {
    const lines = complaint({ supergraphSdl, limits: { maxDepth: 0 }, errors: { mask: 'no' } }).split('\n');
    expect(lines.map((line) => line.split(' ')[1])).toEqual(['limits.maxDepth', 'errors.mask']);
  });
});

it('settings that are undefined are settings that are not there', () => {
  expect(complaint({ supergraphSdl, limits: undefined, trafficShaping: { all: { timeout: undefined } } })).toBe('');
});
