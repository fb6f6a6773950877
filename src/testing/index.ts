/** `portico/testing`, by hand: a gateway for integration tests, in the process of the test. */
export { createTestGateway } from './createTestGateway.js';
export type { TestGateway, TestGatewayOptions } from './TestGateway.js';
export type {
  TestAnswer,
  TestClient,
  TestError,
  TestRequest,
  TestRequestOptions,
  TypedDocument,
  UntypedData,
} from './TestClient.js';

// Subgraphs
export { mockSubgraph } from '../mocks/mockSubgraph.js';
export type {
  MockContext,
  MockFunction,
  MockResolver,
  MockResolvers,
  MockSubgraph,
  MockSubgraphOptions,
  MockValue,
  MockValues,
} from '../mocks/mockSubgraph.js';
export { restSubgraph } from './subgraphs/restSubgraph.js';
export type { RestRoute, RestRouteRequest, RestSubgraph, RestSubgraphRoutes } from './subgraphs/restSubgraph.js';
export type {
  ObservedSubgraph,
  RealSubgraph,
  ReplayedSubgraph,
  ResolvedSubgraph,
  TestResolver,
  TestResolvers,
  TestSubgraph,
} from './subgraphs/TestSubgraph.js';

// What goes wrong, and when
export type { Faults } from './faults/Faults.js';
export type { Circuit } from './faults/Circuit.js';
export type { SubgraphHandle } from './faults/SubgraphHandle.js';
export type { FaultReason } from './faults/transportFault.js';
export { fakeClock } from './clock/FakeClock.js';
export type { FakeClock } from './clock/FakeClock.js';

// Who asks
export type { TestIdentity } from './identity/testIdentity.js';
export { createTestIssuer } from './identity/createTestIssuer.js';
export type { TestIssuer, TestIssuerOptions, TestTokenOptions } from './identity/createTestIssuer.js';

// What happened
export type { CallOutcome, TestCall } from './records/TestCall.js';
export type { TestRequestRecord } from './records/RequestRecord.js';

// What is expected of it
export { matchers } from './expectations/matchers.js';
export type { PorticoMatchers } from './expectations/matchers.js';
export type { CallPattern } from './expectations/CallPattern.js';
export type { Calling, CallArguments, Verdict } from './expectations/checks.js';
export {
  assertBatched,
  assertErrorAt,
  assertFetched,
  assertFetchedTimes,
  assertNoErrors,
  assertNotFetched,
  assertPartial,
  assertPlan,
} from './expectations/asserts.js';

// Recorded traffic
export { recordSubgraphs } from './fixtures/recordSubgraphs.js';
export type { SubgraphRecording } from './fixtures/recordSubgraphs.js';
export type { RedactOptions } from './fixtures/redact.js';
export { replaySubgraphs } from './fixtures/replaySubgraphs.js';
export { verifyContract } from './fixtures/verifyContract.js';
export type { ContractOptions, ContractProblem, ContractReport } from './fixtures/verifyContract.js';
export type { Fixture, RecordedExchange, RecordedSubgraph } from './fixtures/Fixture.js';
