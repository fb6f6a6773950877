import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { sectionExamples } from '../../../scripts/renderConfigPage.js';
import { camelKey, renameKeys, snakeKey } from '../../../src/base/config/camelCased.js';
import { formatProblem } from '../../../src/base/config/ConfigProblem.js';
import { configSchema } from '../../../src/base/config/configSchema.js';
import type { Config } from '../../../src/base/config/configSchema.js';
import { loadConfig } from '../../../src/base/config/loadConfig.js';
import type { LoadConfigOptions } from '../../../src/base/config/loadConfig.js';
import { changedRestartSettings } from '../../../src/base/config/restartSettings.js';

const SG = 'supergraph: { file: supergraph.graphql }\n';

describe('a configuration', () => {
  let folder: string;
  const home = process.cwd();
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'portico-config-'));
    mkdirSync(join(folder, 'lists'));
    writeFileSync(join(folder, 'supergraph.graphql'), 'type Query { a: Int }');
    writeFileSync(join(folder, 'key.txt'), 'k-1\n');
    writeFileSync(join(folder, 'lists/a.graphql'), 'type Query { a: Int }');
    const list =
      'federation_version: =2.3.2\nsubgraphs:\n  a_b: { routing_url: http://a/, schema: { file: ./a.graphql } }\n';
    writeFileSync(join(folder, 'lists/supergraph.yaml'), list);
    process.chdir(folder);
    folder = process.cwd();
  });
  afterAll(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  });

  function load(text: string, options: LoadConfigOptions = {}): Config {
    const { loaded, problems } = loadConfig({ file: 'portico.yaml', text, environment: {}, ...options });
    if (loaded === undefined) throw new Error(problems.map(formatProblem).join('\n'));
    return loaded.config;
  }

  test('is complete and frozen all the way down', () => {
    const config = load(SG);
    expect(config.server.port).toBe(4000);
    expect(config.trafficShaping.all.timeout).toBe(3000);
    expect(() => ((config.limits as { maxDepth: number }).maxDepth = 1)).toThrow(TypeError);
    expect(() => (config.headers.all.request as unknown[]).push({})).toThrow(TypeError);
  });

  test('gives durations in milliseconds and sizes in bytes', () => {
    const yaml = `${SG}shutdown: { delay: 1.5s, grace_period: 2m }\nserver: { max_request_body_size: 1.5MB, max_header_size: 16KiB }\n`;
    const { shutdown, server } = load(yaml);
    expect(shutdown).toEqual({ delay: 1500, gracePeriod: 120_000 });
    expect(server).toMatchObject({ maxRequestBodySize: 1_500_000, maxHeaderSize: 16_384 });
  });

  test('takes paths from the directory of the file that names them, and those of flags from the working directory', () => {
    mkdirSync('conf', { recursive: true });
    writeFileSync('conf/other.graphql', 'type Query { a: Int }');
    expect(load('supergraph: { file: other.graphql }', { file: 'conf/portico.yaml' }).supergraph.file).toBe(
      join(folder, 'conf/other.graphql'),
    );
    const overrides = [
      { flag: '--supergraph', path: ['supergraph', 'file'] as const, value: 'supergraph.graphql', alone: true },
    ];
    expect(load('supergraph: { file: other.graphql }', { file: 'conf/portico.yaml', overrides }).supergraph).toEqual({
      file: join(folder, 'supergraph.graphql'),
    });
  });

  test('flags go before the file, and need none', () => {
    const overrides = [
      { flag: '--supergraph', path: ['supergraph', 'file'] as const, value: 'supergraph.graphql', alone: true },
      { flag: '--port', path: ['server', 'port'] as const, value: 0 },
    ];
    expect(load(`${SG}server: { port: 1, host: a }`, { overrides }).server).toMatchObject({ port: 0, host: 'a' });
    expect(load('', { file: undefined, overrides }).server.port).toBe(0);
  });

  test.each([
    ['${V}', { V: 'x' }, 'x'],
    ['${V:-y}', {}, 'y'],
    ['${V:-y}', { V: '' }, 'y'],
    ['${V:-}z', {}, 'z'],
    ['a${V}b${W}c', { V: '1', W: '2' }, 'a1b2c'],
    ['$${V}', { V: 'x' }, '${V}'],
    ['$V costs $5', { V: 'x' }, '$V costs $5'],
    ['${V}', { V: '${W}', W: 'x' }, '${W}'],
    ['${V:-a:-b}', {}, 'a:-b'],
    ['${file:key.txt}', {}, 'k-1'],
    ['${V}', { V: 'a: {b: [c' }, 'a: {b: [c'],
  ])('puts %s with %j in as %j', (written, environment, value) => {
    const yaml = `${SG}server: { host: ${JSON.stringify(written)} }`;
    expect(load(yaml, { environment }).server.host).toBe(value);
  });

  test('a variable takes the type that its setting needs', () => {
    const yaml = `${SG}server: { port: "\${N}", host: "\${N}" }\nintrospection: \${B}\nshutdown:\n  delay: \${D}\n`;
    const config = load(yaml, { environment: { N: '8080', B: 'true', D: '5s' } });
    expect(config.server).toMatchObject({ port: 8080, host: '8080' });
    expect(config).toMatchObject({ introspection: true, shutdown: { delay: 5000 } });
  });

  test('a variable is none of the properties that every object has', () => {
    const yaml = `${SG}server: { host: "\${constructor:-x}" }`;
    expect(load(yaml, { environment: {} }).server.host).toBe('x');
  });

  test("reads a list in Rover's format, with names as they are", () => {
    const { supergraph } = load('supergraph: { config: lists/supergraph.yaml }');
    expect(supergraph.subgraphs).toEqual({
      a_b: { routingUrl: 'http://a/', schema: { file: join(folder, 'lists/a.graphql') } },
    });
  });

  test('names the subgraphs that a supergraph does not have, once it is known', () => {
    const yaml = `${SG}subgraphs:\n  acounts: { url: http://a/ }\ntraffic_shaping: { subgraphs: { reviews: {} } }\n`;
    const { loaded } = loadConfig({ file: 'portico.yaml', text: yaml });
    expect(loaded?.problemsWith(['accounts', 'reviews']).map(formatProblem)).toEqual([
      'portico.yaml:3:3: subgraphs.acounts names a subgraph that is not in the supergraph (did you mean accounts?)',
    ]);
    expect(loaded?.problemsWith(['acounts', 'reviews'])).toEqual([]);
  });

  test.each(Object.entries(sectionExamples))('takes the example of the page for %s', (_section, example) => {
    const yaml = example.startsWith('supergraph:') ? example : `${SG}${example}`;
    expect(() => load(yaml)).not.toThrow();
  });

  test('has the same names in programs, and names of users stay as they are', () => {
    const written = {
      limits: { max_depth: 3 },
      override_labels: { new_reviews: true },
      cors: { policies: [{ max_age: '1s' }] },
    };
    const inPrograms = {
      limits: { maxDepth: 3 },
      overrideLabels: { new_reviews: true },
      cors: { policies: [{ maxAge: '1s' }] },
    };
    expect(renameKeys(configSchema, written, camelKey)).toEqual(inPrograms);
    expect(renameKeys(configSchema, inPrograms, snakeKey)).toEqual(written);
  });

  test('knows the names of opossum, in YAML and per subgraph; defaults contradict nobody', () => {
    const { all, subgraphs } = load(
      `${SG}traffic_shaping: { all: { concurrency: { max: 1 }, circuit_breaker: { errorThresholdPercentage: 30, resetTimeout: 9s } }, subgraphs: { a: { circuit_breaker: { volumeThreshold: 5 } } } }\n`,
    ).trafficShaping;
    expect(all.circuitBreaker).toMatchObject({ errorThreshold: 30, resetTimeout: 9000, halfOpenAttempts: 3 });
    expect(subgraphs['a']?.circuitBreaker).toEqual({ enabled: undefined, fields: undefined, volumeThreshold: 5 });
  });

  test('a default contradicts nothing that is written', () => {
    const yaml = `${SG}traffic_shaping: { router: { timeout: 2s }, all: { timeout: 500ms } }\nserver: { request_timeout: 5s }\n`;
    expect(load(yaml).trafficShaping.all).toMatchObject({ timeout: 500, connectTimeout: 1000 });
    expect(() => load(`${SG}traffic_shaping: { router: { timeout: 2s } }`)).not.toThrow();
  });

  test('says which of its changes need a restart', () => {
    const before = load(SG);
    const after = load(`${SG}server: { port: 1, max_request_body_size: 1MB }\nlimits: { max_depth: 3 }\n`);
    expect(changedRestartSettings(before, after)).toEqual(['server.port']);
    expect(changedRestartSettings(before, before)).toEqual([]);
  });
});
