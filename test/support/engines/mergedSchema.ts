import { execute, parse } from 'graphql';

import type { World } from '../graphs/World.js';
import { toAnswer } from './Engine.js';
import type { Engine } from './Engine.js';

/** The truth: graphql-js on the merged schema over the same records. */
export function createMergedSchemaEngine(world: World): Engine {
  return {
    name: 'merged schema',
    answer: async (query, variables) => {
      const result = await execute({ schema: world.merged, document: parse(query), variableValues: variables });
      return toAnswer(result.data, result.errors);
    },
    close: () => Promise.resolve(),
  };
}
