import { join } from 'node:path';

import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');

/**
 * Writes JavaScript for `src` into a folder, file by file, as the published build has it but without checking
 * types. In JavaScript itself, so that it runs before anything is compiled. Takes a tenth of a second.
 */
export async function compileSources(outdir) {
  await build({
    absWorkingDir: root,
    entryPoints: ['src/**/*.ts', 'src/edge/http/playground/assets/*'],
    outbase: '.',
    outdir,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    loader: { '.br': 'copy', '.txt': 'copy', '.sha256': 'copy' },
  });
}
