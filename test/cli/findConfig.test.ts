import { expect, it } from 'vitest';

import { findConfig } from '../../src/cli/findConfig.js';

it.each([
  [['portico.json', 'portico.yml', 'portico.yaml', 'supergraph.yaml'], 'portico.yaml'],
  [['portico.json', 'portico.yml'], 'portico.yml'],
  [['portico.json'], 'portico.json'],
  [['supergraph.yaml', 'config.yaml'], undefined],
])('of %j a start without flags takes %s', (names, found) => {
  expect(findConfig({}, (name) => names.includes(name))).toBe(found);
});

it.each([{ config: 'other.yaml' }, { supergraph: 'supergraph.graphql' }, { subgraphs: 'supergraph.yaml' }])(
  '%j says what to serve: nothing is looked for',
  (flags) => {
    expect(findConfig(flags, () => true)).toBeUndefined();
  },
);
