import type { ConfigOptions } from '../base/config/configSchema.js';
import type { Clock } from '../base/kit/Clock.js';
import type { MockWorldOptions } from '../mocks/createMocks.js';
import type { SubgraphHandle } from './faults/SubgraphHandle.js';
import type { TestRequestRecord } from './records/RequestRecord.js';
import type { TestCall } from './records/TestCall.js';
import type { TestSubgraph } from './subgraphs/TestSubgraph.js';
import type { TestClient } from './TestClient.js';

export interface TestGatewayOptions {
  /** By name. With `supergraph`: those that shall not be mocked from it. */
  readonly subgraphs?: Readonly<Record<string, TestSubgraph>> | undefined;
  /** A composed supergraph. Subgraphs that are not given are mocked from what it says of them. Default: composed of `subgraphs`. */
  readonly supergraph?: string | undefined;
  /** portico.yaml in camelCase, with the same defaults and checks, but without retries: a fault is meant to be seen. Default: none. */
  readonly settings?: Omit<ConfigOptions, 'supergraph'> | undefined;
  /** Of the mocks: the same seed gives the same world. Default 1. */
  readonly seed?: number | string | undefined;
  /** More about the world of mocks: lengths of lists, nulls. */
  readonly mocks?: Omit<MockWorldOptions, 'seed'> | undefined;
  /** What deadlines, delays and windows go by, see `fakeClock`. Default: the machine's. */
  readonly clock?: Clock | undefined;
}

/** A whole gateway in this process, without sockets. */
export interface TestGateway extends TestClient, AsyncDisposable {
  /** Calls of subgraphs, in the order of sending. */
  readonly calls: readonly TestCall[];
  /** Requests of clients, in the order of asking. */
  readonly requests: readonly TestRequestRecord[];
  /** The last of them. Errors: when there was none. */
  readonly lastRequest: TestRequestRecord;
  /** What all subgraphs were composed to. */
  readonly supergraphSdl: string;
  /** Its calls, and what shall go wrong with them. Errors: for a name that there is not. */
  subgraph(name: string): SubgraphHandle;
  /** All subgraphs recover, and the records begin anew. */
  reset(): void;
  /** Cancels what still runs. Nothing is left behind. `await using` calls it. */
  close(): Promise<void>;
}
