import type { BuiltRestSubgraph } from '../upstream/createRestSubgraphs.js';
import type { ConnectorsOptions } from '../upstream/createConnectors.js';
import type { ConnectorHeaders } from './connectorHeaders.js';
import type { GenerationOptions } from './GenerationOptions.js';

/** What clients of REST services are made of, besides their graph. */
export interface ConnectRestOptions extends Pick<
  GenerationOptions,
  'bySubgraph' | 'connectors' | 'restMocks' | 'fallback'
> {
  /** See ConnectorHeaders. Default: nothing. */
  readonly readOnlyHeaders?: ConnectorHeaders['readOnly'] | undefined;
  /** Subgraphs that are answered in this process, built, by name. */
  readonly restSubgraphs?: ReadonlyMap<string, BuiltRestSubgraph> | undefined;
  /** How answers of REST sources are checked, by `subgraph.source`. */
  readonly responseChecks?: ConnectorsOptions['responseChecks'];
}

/** What clients of subgraphs are made of, besides their graph. */
export type ConnectOptions = ConnectRestOptions &
  Pick<GenerationOptions, 'dedupe' | 'traffic' | 'hooks' | 'sender' | 'clock'>;
