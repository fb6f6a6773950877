import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';

import { compileSources } from '../../scripts/compileSources.js';

let folder;

/**
 * Before the tests: the sources as JavaScript. Processes and threads that tests start run from there, as users' do; from TypeScript each
 * of them would compile everything again, which was more than half of the time of a whole run.
 */
export async function setup({ config }) {
  folder = config.provide.compiled;
  // Called for each project of vitest.config.ts.
  if (existsSync(folder)) return;
  await compileSources(folder);
}

export const teardown = () => rm(folder, { recursive: true, force: true });
