/** `portico/testing`, by hand: a gateway for integration tests, in the process of the test. */
export { createTestGateway } from './createTestGateway.js';
export type {
  TestAnswer,
  TestCall,
  TestGateway,
  TestGatewayOptions,
  TestRequest,
  TestResolver,
  TestResolvers,
  TestSubgraph,
} from './createTestGateway.js';
