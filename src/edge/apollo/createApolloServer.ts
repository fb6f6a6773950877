import { ApolloServer } from '@apollo/server';
import type { ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GatewayInterface } from '@apollo/server-gateway-interface';

import { notices } from '../../base/telemetry/channels.js';
import type { Notice } from '../../base/telemetry/channels.js';
import type { GraphQLContext, GraphQLServer } from '../http/serveGraphQL.js';
import { KnownDocuments } from './KnownDocuments.js';
import { PersistedQueryStore } from './PersistedQueryStore.js';
import { skipNegotiation } from './plugins/skipNegotiation.js';
import { traceOperation } from './plugins/traceOperation.js';
import { serverOptions } from './serverOptions.js';
import type { ProtocolOptions } from './serverOptions.js';

export interface ApolloServerParts extends ProtocolOptions {
  readonly gateway: GatewayInterface;
  /** Further plugins, run after ours. */
  readonly plugins?: readonly ApolloServerPlugin<GraphQLContext>[] | undefined;
}

/**
 * The Apollo Server behind `portico start`. Not started yet. For edge/http only: its `stringifyResult` hands the result through,
 * so that the edge can add the request id to every error and write the bytes itself.
 */
export function createApolloServer(parts: ApolloServerParts): ApolloServer<GraphQLContext> {
  // Apollo's libraries read it when they start; nothing leaves this process unless the configuration names where to.
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
  const options = serverOptions(parts);
  const known = new KnownDocuments();
  const given = parts.plugins ?? [];
  const server = new ApolloServer<GraphQLContext>({
    ...options,
    gateway: observed(parts.gateway, known),
    // The plugin refuses, and may change its mind while this server runs.
    introspection: true,
    // The edge serialises (see above); Apollo Server passes through whatever this gives.
    stringifyResult: (result) => result as unknown as string,
    plugins: [...options.plugins, traceOperation(), skipNegotiation(), ...unlessGiven(given), ...given, known.plugin()],
    // edge/http/guards/csrf.ts has checked already, before the body was read and by the same rule.
    csrfPrevention: false,
    // For plugins; bounded by Apollo Server (30 MB). Persisted queries have a store of their own.
    cache: 'bounded',
    persistedQueries: { cache: new PersistedQueryStore() },
    stopOnTerminationSignals: false,
    // Said explicitly, or NODE_ENV would decide about stack traces, landing page and introspection.
    nodeEnv: 'production',
    logger: noticeLogger,
  });
  // A plugin of somebody else's may want to see every request, and may change any answer.
  if (given.length > 0) return server;
  const pipeline = server.executeHTTPGraphQLRequest.bind(server);
  const aroundIt: GraphQLServer['executeHTTPGraphQLRequest'] = ({ contextValue, ...request }) =>
    (contextValue && known.answer(request.httpGraphQLRequest, contextValue)) ?? pipeline(request);
  return Object.assign(server, { executeHTTPGraphQLRequest: aroundIt });
}

/** The gateway, seen by Apollo Server and by what goes round it. */
function observed(gateway: GatewayInterface, known: KnownDocuments): GatewayInterface {
  return {
    load: async (options) => {
      const loaded = await gateway.load(options);
      if (loaded.executor !== null) known.use(loaded.executor);
      return loaded;
    },
    onSchemaLoadOrUpdate: (callback) =>
      gateway.onSchemaLoadOrUpdate((context) => {
        known.serve(context.apiSchema);
        callback(context);
      }),
    stop: () => gateway.stop(),
  };
}

/** Apollo Server adds these plugins by itself, or refuses to run twice the same: each is switched off unless there is one of the kind. */
function unlessGiven(given: readonly ApolloServerPlugin<GraphQLContext>[]): ApolloServerPlugin<GraphQLContext>[] {
  const kindOf = (plugin: object): unknown => (plugin as { __internal_plugin_id__?: unknown }).__internal_plugin_id__;
  const kinds = new Set(given.map(kindOf));
  return [
    ApolloServerPluginCacheControlDisabled(),
    ApolloServerPluginInlineTraceDisabled(),
    ApolloServerPluginLandingPageDisabled(),
    ApolloServerPluginSchemaReportingDisabled(),
    ApolloServerPluginUsageReportingDisabled(),
  ].filter((plugin) => !kinds.has(kindOf(plugin)));
}

const noticeLogger = {
  debug: (message?: unknown) => publish('debug', message),
  info: (message?: unknown) => publish('info', message),
  warn: (message?: unknown) => publish('warn', message),
  error: (message?: unknown) => publish('error', message),
};

function publish(level: Notice['level'], message: unknown): void {
  if (!notices.hasSubscribers) return;
  if (message instanceof Error) notices.publish({ level, message: 'Apollo Server', error: message });
  else notices.publish({ level, message: `Apollo Server: ${String(message)}` });
}
