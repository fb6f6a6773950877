/**
 * `npm start`: bundles scripts/startDemo.ts and what it runs, where that has not been done, and runs it. Arguments go through.
 *
 * In JavaScript, and not under tsx, which costs each of the demo's three processes and three threads most of a second.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { bundleDemo } from './bundleDemo.js';

await import(pathToFileURL(join(await bundleDemo(), 'startDemo.js')).href);
