/** `portico/testing/vitest`: import it once (`setupFiles`, or in a test), and vitest's `expect` knows the matchers, types included. */
import { expect } from 'vitest';

import { matchers } from './expectations/matchers.js';
import type { PorticoMatchers } from './expectations/matchers.js';

declare module 'vitest' {
  // oxlint-disable-next-line typescript/no-explicit-any, typescript/no-empty-object-type, no-unused-vars -- must be declared as vitest declares it
  interface Matchers<T = any> extends PorticoMatchers<void> {}
}

expect.extend(matchers);
