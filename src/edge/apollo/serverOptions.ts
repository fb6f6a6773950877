import type { ApolloServerOptions, ApolloServerPlugin } from '@apollo/server';
import type { DocumentNode } from 'graphql';

import { checkLimits } from '../../engine/operation/limits.js';
import type { OperationLimits } from '../../engine/operation/limits.js';
import { stringifyResult } from '../http/stringifyResult.js';
import { checkIntrospection } from './checkIntrospection.js';
import { refuseDocuments } from './plugins/refuseDocuments.js';
import { repairCodes } from './plugins/repairCodes.js';

/** Limits and introspection are read anew for each request, so an object whose properties change is welcome. */
export interface ProtocolOptions {
  readonly limits: OperationLimits;
  /** Whether clients may ask for the schema. Default false. */
  readonly introspection?: boolean | undefined;
  /** Whether validation errors name fields that the client may have meant. Default false. */
  readonly suggestions?: boolean | undefined;
}

/** Enough to repair a query by; a document with thousands of mistakes gets no thousand answers. */
const MAX_VALIDATION_ERRORS = 20;

/**
 * For an ApolloServer of the user's own: `new ApolloServer({ gateway, ...gateway.serverOptions() })`. With plugins of one's own:
 * `plugins: [...gateway.serverOptions().plugins, mine]`.
 */
export type PorticoServerOptions = Required<
  Pick<
    ApolloServerOptions<object>,
    | 'stringifyResult'
    | 'parseOptions'
    | 'validationOptions'
    | 'introspection'
    | 'hideSchemaDetailsFromClientErrors'
    | 'includeStacktraceInErrorResponses'
    | 'allowBatchedHttpRequests'
    | 'plugins'
  >
>;

/** What Portico asks of Apollo Server, whoever builds it: the fast path for answers, limits before validation, nothing leaked. */
export function serverOptions(options: ProtocolOptions): PorticoServerOptions {
  const check = (document: DocumentNode) =>
    checkLimits(document, options.limits) ??
    (options.introspection === true ? undefined : checkIntrospection(document));
  const plugins: ApolloServerPlugin[] = [refuseDocuments(check), repairCodes()];
  return {
    stringifyResult,
    parseOptions: {
      get maxTokens() {
        return options.limits.maxTokens;
      },
    },
    validationOptions: { maxErrors: MAX_VALIDATION_ERRORS },
    // The plugin refuses first and with our code; this is for servers that leave the plugin out.
    introspection: options.introspection === true,
    hideSchemaDetailsFromClientErrors: options.suggestions !== true,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    plugins,
  };
}
