import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { hiveManifest } from '../gateways/hive.js';
import { canPin } from '../measure/spawnPinned.js';

const require = createRequire(import.meta.url);

function version(name: string): string {
  try {
    return (require(`${name}/package.json`) as { version: string }).version;
  } catch {
    // A package may hide its package.json behind `exports`.
    const entry = require.resolve(name);
    const folder = entry.slice(0, entry.lastIndexOf(`node_modules/${name}/`) + `node_modules/${name}/`.length);
    return (JSON.parse(readFileSync(`${folder}package.json`, 'utf8')) as { version: string }).version;
  }
}

/** Lines that say where and with what the figures were taken. */
export function environment(): string[] {
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).stdout.trim();
  const dirty = spawnSync('git', ['status', '--porcelain', '--', 'src'], { encoding: 'utf8' }).stdout.trim() !== '';
  const packages = ['@apollo/gateway', '@apollo/server', 'graphql', 'undici'].map((name) => `${name} ${version(name)}`);
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `Date: ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC; Portico at commit ${commit}${dirty ? ' with uncommitted changes' : ''}.`,
    `Machine: ${cpus().length} × ${cpus()[0]?.model.trim()}, ${memory} GiB; Linux; Node ${process.version}.`,
    `Versions: ${packages.join(', ')}, @graphql-hive/gateway ${hiveManifest.dependencies['@graphql-hive/gateway']}.`,
    canPin
      ? 'Each gateway is bound to one processor; subgraphs and load generator share the other.'
      : 'Nothing could be bound to a processor here: read the figures with care.',
  ];
}
