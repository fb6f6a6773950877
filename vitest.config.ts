import { createRequire } from 'node:module';

import { defineConfig } from 'vitest/config';

const graphqlEntry = createRequire(import.meta.url).resolve('graphql');

export default defineConfig({
  resolve: {
    // graphql ships CommonJS and `.mjs` side by side. Our own sources would get one copy and Apollo's packages the other, and
    // every `instanceof` between them would fail. Node itself always takes the CommonJS copy; so do the tests.
    alias: [{ find: /^graphql$/, replacement: graphqlEntry }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // A process per file: tests start worker threads, listen to signals and collect garbage on their own.
    pool: 'forks',
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
