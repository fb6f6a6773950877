import { assembleGateway } from '../../src/gateway/createGateway.js';
import type { AssembledGateway } from '../../src/gateway/createGateway.js';
import { createGenerationBuilder } from '../../src/gateway/createGenerationBuilder.js';
import { engineOptions } from '../../src/gateway/engineOptions.js';
import type { GatewayOptions } from '../../src/gateway/GatewayOptions.js';
import type { RestSubgraphDefinition } from '../../src/upstream/rest/code/defineRestSubgraph.js';
import { readSettings } from '../../src/gateway/readSettings.js';
import { createWorkshop } from '../../src/testing/prepareGraph.js';

const workshop = createWorkshop(() => {});

export interface InlineSettings extends Omit<
  GatewayOptions,
  'supergraphSdl' | 'supergraph' | 'dispatcher' | 'logger' | 'policies' | 'willSendRequest' | 'didReceiveResponse'
> {
  readonly restSubgraphs?: Readonly<Record<string, RestSubgraphDefinition>> | undefined;
}

/** A gateway as `createGateway` makes it, but reading and planning on this thread: it starts in milliseconds. */
export function createInlineGateway(
  supergraphSdl: string,
  { restSubgraphs, ...settings }: InlineSettings = {},
): AssembledGateway {
  const { config } = readSettings(settings);
  return assembleGateway({
    source: supergraphSdl,
    build: createGenerationBuilder(() => ({ ...engineOptions(config), workshop, restSubgraphs })),
    deadlineMs: config.trafficShaping.router.timeout,
  });
}
