import { createGatewayOf } from '../../src/gateway/createGateway.js';
import type { PorticoGateway } from '../../src/gateway/createGateway.js';
import type { GatewayOptions } from '../../src/gateway/GatewayOptions.js';
import { createWorkshop } from '../../src/testing/prepareGraph.js';

const workshop = createWorkshop(() => {});

/**
 * `createGateway` that reads and plans on the test's thread, and remembers: starting planner threads costs seconds of CPU a gateway. For
 * tests of what surrounds the planner; the threads have tests of their own (test/engine/plan, test/integration/hangingPlanner.test.ts).
 */
export function createInlineGateway<Context = unknown>(options: GatewayOptions<Context>): PorticoGateway {
  return createGatewayOf(options as GatewayOptions, { workshop });
}
