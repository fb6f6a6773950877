import { describe, expect, test } from 'vitest';

import type { Config } from '../../src/base/config/configSchema.js';
import { loadConfig } from '../../src/base/config/loadConfig.js';
import { DEFAULT_LIMITS } from '../../src/engine/operation/limits.js';
import { engineOptions } from '../../src/gateway/engineOptions.js';
import { DEFAULT_TRAFFIC_OPTIONS, withSettings } from '../../src/upstream/TrafficOptions.js';

function config(yaml = ''): Config {
  const list =
    'supergraph: { subgraphs: { a: { routing_url: http://a/, schema: { sdl: x } }, b: { routing_url: http://b/, schema: { sdl: x } } } }\n';
  return loadConfig({ text: list + yaml }).loaded!.config;
}

describe('engine options', () => {
  test('the defaults of the configuration are those of the engine', () => {
    const options = engineOptions(config());
    expect(options.limits).toEqual(DEFAULT_LIMITS);
    expect(withSettings(DEFAULT_TRAFFIC_OPTIONS, options.traffic)).toEqual(DEFAULT_TRAFFIC_OPTIONS);
    expect({ ...options.traffic, fieldBreakers: new Map() }).toEqual(DEFAULT_TRAFFIC_OPTIONS);
    expect(options).toMatchObject({ dedupe: true, entityBatching: 'alias', exposePlans: false, overrideLabels: [] });
    expect(options.errors).toEqual({ mask: true, allowExtensions: new Set(['code']) });
    expect(options.planner).toEqual({ workers: 2, timeoutMs: 5_000, maxCacheBytes: 64 * 1024 * 1024 });
  });

  test('what is said of one subgraph differs from all in nothing else', () => {
    const { bySubgraph } = engineOptions(
      config(`
subgraphs: { a: { url: http://other/ } }
traffic_shaping: { subgraphs: { a: { timeout: 2s, entity_batching: off } } }
errors: { allow_extensions: [code, x], subgraphs: { b: { mask: false } } }
`),
    );
    expect(bySubgraph?.get('a')).toEqual({
      url: 'http://other/',
      traffic: { timeoutMs: 2000 },
      entityBatching: 'off',
      errors: undefined,
    });
    expect(bySubgraph?.get('b')?.errors).toEqual({ mask: false, allowExtensions: new Set(['code', 'x']) });
  });

  test('a ceiling of one subgraph takes the place of that of all, or takes it back', () => {
    const { traffic, bySubgraph } = engineOptions(
      config(`
rate_limit: { on_store_failure: deny }
traffic_shaping:
  all: { global_rate_limit: { capacity: 100, interval: 1s } }
  subgraphs:
    a: { global_rate_limit: { capacity: 5, interval: 1m, on_store_failure: allow } }
    b: { global_rate_limit: { enabled: false } }
`),
    );
    const all = withSettings(DEFAULT_TRAFFIC_OPTIONS, traffic);
    const ceilingOf = (name: string) => withSettings(all, bySubgraph?.get(name)?.traffic).rateCeiling;
    expect(all.rateCeiling).toEqual({ capacity: 100, intervalMs: 1000, onStoreFailure: 'deny' });
    expect(ceilingOf('a')).toEqual({ capacity: 5, intervalMs: 60_000, onStoreFailure: 'allow' });
    expect(ceilingOf('b')).toBeUndefined();
  });

  test('a label that is switched off is not on', () => {
    expect(engineOptions(config('override_labels: { x: true, y: false }')).overrideLabels).toEqual(['x']);
  });
});
