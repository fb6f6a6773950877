/**
 * Options of Apollo Gateway that have another name here, or none, with what to do instead. docs/migrate-from-apollo-gateway.md says more;
 * a test compares both with the options that `@apollo/gateway` has.
 */
export const replacedOptions: Readonly<Record<string, string>> = {
  debug: 'give a logger with a debug level',
  __exposeQueryPlanExperimental: 'use queryPlanner.expose and the header portico-expose-query-plan: true',
  buildService: 'use willSendRequest and didReceiveResponse, or decorate',
  experimental_didResolveQueryPlan: 'use queryPlanner.expose',
  experimental_didUpdateSupergraph: 'use the onSchemaLoadOrUpdate method of the gateway',
  experimental_approximateQueryPlanStoreMiB: 'use queryPlanner.cacheSize',
  experimental_autoFragmentization: 'leave it out: there is nothing to switch',
  fetcher: 'use dispatcher (an undici Dispatcher), or decorate',
  serviceHealthCheck: 'call healthCheck in a SupergraphManager',
  queryPlannerConfig: 'use queryPlanner',
  telemetry: 'leave it out: there is no tracing of the gateway yet',
  validateSupergraph: 'leave it out: every supergraph is examined before it serves',
  serviceList: 'use supergraph.subgraphs',
  localServiceList: 'use supergraph.subgraphs with schema.sdl',
  introspectionHeaders: 'use supergraph.subgraphs.<name>.schema.introspectionHeaders',
  pollIntervalInMs: 'use supergraph.pollInterval',
  schemaConfigDeliveryEndpoint: 'use supergraphSdl with a SupergraphManager that asks Uplink',
  uplinkEndpoints: 'use supergraphSdl with a SupergraphManager that asks Uplink',
  uplinkMaxRetries: 'use supergraphSdl with a SupergraphManager that asks Uplink',
  fallbackPollIntervalInMs: 'use supergraphSdl with a SupergraphManager that asks Uplink',
  experimental_updateServiceDefinitions: 'use supergraphSdl with a SupergraphManager',
  experimental_updateSupergraphSdl: 'use supergraphSdl with a SupergraphManager',
};
