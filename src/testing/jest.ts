/** `portico/testing/jest`: import it once (`setupFilesAfterEnv`, or in a test), and jest's `expect` knows the matchers, types included. */
import { matchers } from './expectations/matchers.js';
import type { PorticoMatchers } from './expectations/matchers.js';

declare global {
  // What @types/jest declares, and its way to be extended.
  // oxlint-disable-next-line typescript/no-namespace -- see above
  namespace jest {
    // oxlint-disable-next-line typescript/no-empty-object-type, typescript/no-unused-vars -- must be declared as @types/jest declares it
    interface Matchers<R, T = {}> extends PorticoMatchers<R> {}
  }
}

const { expect } = globalThis as { readonly expect?: { extend(more: object): void } };
if (expect === undefined) throw new Error('portico/testing/jest needs jest, with its globals (injectGlobals)');
expect.extend(matchers);
