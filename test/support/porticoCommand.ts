import { join } from 'node:path';

import { inject } from 'vitest';

/** What to give to node to run the command line: the compiled sources, as the published package runs. */
export const porticoCommand = join(inject('compiled'), 'src/cli/main.js');
