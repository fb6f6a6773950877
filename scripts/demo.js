/**
 * `npm start`: compiles the source into `.cache/demo` and runs scripts/startDemo.ts from there. Arguments go through.
 *
 * In JavaScript, and not under tsx, which costs each of the demo's three processes and three threads most of a second; this costs a tenth
 * of one, once. Compiled anew each time, so that nothing can be out of date.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { compileSources } from './compileSources.js';

const outdir = join(import.meta.dirname, '../.cache/demo');
await compileSources(outdir, ['subgraphs/**/*.ts', 'subgraphs/**/*.graphql', 'scripts/startDemo.ts']);
await import(pathToFileURL(join(outdir, 'scripts/startDemo.js')).href);
