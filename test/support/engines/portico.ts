import { printPlan } from '../../../src/engine/plan/printPlan.js';
import type { World } from '../graphs/World.js';
import { createTestGateway } from '../testGateway.js';
import type { TestGatewayOptions } from '../testGateway.js';
import type { Engine } from './Engine.js';

export interface PorticoEngine extends Engine {
  /** The last plan, for reports. */
  explain(): string;
}

/** Portico's engine over the same subgraph schemas. */
export function createPorticoEngine(world: World, options: Partial<TestGatewayOptions> = {}): PorticoEngine {
  const schemas = [...world.subgraphs].map(([name, schema]) => [name, { schema }] as const);
  const gateway = createTestGateway({
    // So that the last plan is the plan of the last answer.
    maxPrepared: 1,
    ...options,
    supergraphSdl: world.supergraphSdl,
    subgraphs: Object.fromEntries(schemas),
  });
  return {
    name: 'Portico',
    answer: async (query, variables) => {
      gateway.calls.length = 0;
      const { dataText, errors } = await gateway.execute({ query, variables });
      return {
        data: dataText === undefined ? undefined : JSON.stringify(JSON.parse(dataText)),
        errors: errors.map(({ message, path, extensions }) => ({ message, path, code: extensions['code'] })),
      };
    },
    explain: () => (gateway.lastPlan === undefined ? 'no plan' : printPlan(gateway.lastPlan)),
    close: () => gateway.close(),
  };
}
