import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the page, as it is stored. */
export interface Asset {
  readonly contentType: string;
  /** Compressed with Brotli (RFC 7932). */
  readonly compressed: Buffer;
  /** Weak: the same for the compressed and the plain representation. */
  readonly etag: string;
}

const ENDING = '.br';

/** The files that scripts/buildPlayground.ts made, by the name in their address. */
export function readAssets(): ReadonlyMap<string, Asset> {
  const folder = join(import.meta.dirname, 'assets');
  const assets = new Map<string, Asset>();
  for (const file of readdirSync(folder)) {
    if (!file.endsWith(ENDING)) continue;
    const name = file.slice(0, -ENDING.length);
    const compressed = readFileSync(join(folder, file));
    const contentType = name.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
    assets.set(name, { contentType, compressed, etag: weakTag(compressed) });
  }
  return assets;
}

export function weakTag(bytes: Buffer | string): string {
  return `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
}
