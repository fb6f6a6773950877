import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Lab } from '../lab.js';
import type { GatewayCommand } from './definitions.js';

/** Versions that were seen to work together on Node 20. */
export const hiveManifest = {
  private: true,
  type: 'module',
  dependencies: { '@graphql-hive/gateway': '2.15.1', '@graphql-hive/router-runtime': '1.4.23', graphql: '^16.13.1' },
  overrides: { '@graphql-tools/batch-execute': '10.2.0' },
};

/** As the public benchmark sets it up: identical requests in flight are answered once. */
const configuration = `import { defineConfig } from '@graphql-hive/gateway';
export const gatewayConfig = defineConfig({ inboundInflightRequestDeduplication: true, logging: 'error' });
`;

/** What the benchmark makes or installs; not part of the project, and gone with `node_modules`. */
export const cacheFolder = fileURLToPath(new URL('../../node_modules/.cache/portico-bench', import.meta.url));

const folder = join(cacheFolder, `hive-${hiveManifest.dependencies['@graphql-hive/gateway']}`);

/** Installs Hive Gateway (750 packages, not a dependency of the project) into a cache folder, once. */
function install(): void {
  const done = join(folder, '.installed');
  if (existsSync(done)) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(hiveManifest, null, 2));
  writeFileSync(join(folder, 'gateway.config.mjs'), configuration);
  console.log('installing Hive Gateway for the comparison …');
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const { status, stderr } = spawnSync('npm', ['install', ...flags], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 600_000,
  });
  if (status !== 0) throw new Error(`npm install failed: ${(stderr ?? '').trim().split('\n')[0] ?? status}`);
  writeFileSync(done, '');
}

export function hiveCommand(lab: Lab, port: number): GatewayCommand {
  install();
  const bin = join(folder, 'node_modules/@graphql-hive/gateway/dist/bin.js');
  const flags = ['--config-path', join(folder, 'gateway.config.mjs'), '--fork', '1', '--hive-router-runtime'];
  return {
    command: [
      process.execPath,
      bin,
      'supergraph',
      lab.supergraph,
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      ...flags,
    ],
    cwd: folder,
  };
}
