import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

const graphqlEntry = createRequire(import.meta.url).resolve('graphql');
// Per run, so that two runs at once do not write each other's files.
const compiled = join(import.meta.dirname, `.cache/compiled-${process.pid}`);

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder with JavaScript of the sources, for processes that tests start. */
    compiled: string;
  }
}

/** Files with a process of their own: they count what it holds. */
const alone = ['test/testing/manyGraphs/*.test.ts', 'test/fault/tls.test.ts'];

/** What waits for processes and sockets first, so that the last files are small ones and all workers end together. */
class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId, project }: TestSpecification): number =>
      project.name === 'alone' ? 0 : /\/test\/(fault|e2e|integration|cli|docs)\//.test(moduleId) ? 1 : 2;
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  resolve: {
    // graphql ships CommonJS and `.mjs` side by side. Our own sources would get one copy and Apollo's packages the other, and
    // every `instanceof` between them would fail. Node itself always takes the CommonJS copy; so do the tests.
    alias: [{ find: /^graphql$/, replacement: graphqlEntry }],
  },
  plugins: [
    {
      // Worker threads start from the compiled files.
      name: 'compiled-workers',
      transform(code, id) {
        const [, module] = /\/(src\/.*)\.ts$/.exec(id) ?? [];
        if (module === undefined || !code.includes("Worker.js'") || !code.includes('import.meta.url')) return;
        const url = pathToFileURL(join(compiled, `${module}.js`)).href;
        return code.replace(/(new URL\('\.\/\w+Worker\.js', )import\.meta\.url\)/g, `$1${JSON.stringify(url)})`);
      },
    },
  ],
  test: {
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      // Loading the sources and Apollo's packages takes longer than most files: these share two processes, one after the other.
      { extends: true, test: { name: 'together', include: ['test/**/*.test.ts'], exclude: alone, isolate: false } },
    ],
    globalSetup: ['test/support/compileOnce.js'],
    provide: { compiled },
    pool: 'forks',
    sequence: { sequencer: SlowFirst },
    maxWorkers: 2,
    // Functional deadlines, not measurements: shared machines can stall for seconds.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    env: { APOLLO_TELEMETRY_DISABLED: 'true' },
    reporters: process.env.CI ? ['default', ['json', { outputFile: '.cache/vitest-report.json' }]] : ['default'],
  },
});
