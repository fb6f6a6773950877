/** After `npm ci` in a clone: the demo's bundle, so that the first `npm start` is as quick as the next. Without devDependencies there is none. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { bundleDemo } from './bundleDemo.js';

if (existsSync(join(import.meta.dirname, '../node_modules/esbuild'))) await bundleDemo();
