/**
 * `npm start`: compiles the source into `.cache/demo` and runs scripts/startDemo.ts from there. Arguments go through.
 *
 * In JavaScript, and not under tsx, which costs each of the demo's three processes and three threads most of a second; this costs a tenth
 * of one, once. Compiled anew each time, so that nothing can be out of date.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const outdir = join(root, '.cache/demo');
await build({
  absWorkingDir: root,
  entryPoints: [
    'src/**/*.ts',
    'subgraphs/**/*.ts',
    'subgraphs/**/*.graphql',
    'src/edge/http/playground/assets/*',
    'scripts/startDemo.ts',
  ],
  outbase: '.',
  outdir,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  loader: { '.graphql': 'copy', '.br': 'copy', '.txt': 'copy', '.sha256': 'copy' },
});
await import(pathToFileURL(join(outdir, 'scripts/startDemo.js')).href);
