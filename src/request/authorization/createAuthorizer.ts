import { getNamedType, isInterfaceType, isObjectType } from 'graphql';

import { compileExpression } from '../../base/config/values/expression.js';
import type { Config } from '../../base/config/configSchema.js';
import { PorticoError } from '../../base/errors/PorticoError.js';
import { createHttpClient } from '../../base/http/createHttpClient.js';
import { systemClock } from '../../base/kit/Clock.js';
import type { Clock } from '../../base/kit/Clock.js';
import { failures, notices } from '../../base/telemetry/channels.js';
import type { AccessRules, Demand } from '../../supergraph/model/AccessRules.js';
import type { Supergraph } from '../../supergraph/model/Supergraph.js';

import { Access } from './Access.js';
import { Authorizer } from './Authorizer.js';
import { checkRules } from './checkRules.js';
import { createPolicyEndpoint } from './createPolicyEndpoint.js';
import { loadPolicyModule } from './loadPolicyModule.js';
import { Policies } from './Policies.js';
import type { Policy } from './Policy.js';
import { RefusalLog } from './RefusalLog.js';

export type AuthorizationSettings = Config['authorization'];
type DemandSettings = AuthorizationSettings['fields'][string];

export interface AuthorizerParts {
  /** Policies of the program's own, by name. */
  readonly policies?: Readonly<Record<string, Policy>> | undefined;
  /** Coordinates of fields whose value may come from another field, and those others: who sees the one may be shown the other. */
  readonly standIns?: ReadonlyMap<string, string> | undefined;
  readonly clock?: Clock | undefined;
}

/** The authorizer of one generation, and what it keeps open. */
export interface BuiltAuthorizer {
  readonly authorizer: Authorizer;
  close(): Promise<void>;
}

/**
 * Reads the rules of a supergraph and a configuration.
 *
 * Errors: CONFIG_INVALID, for rules at places that do not exist, a module that cannot be loaded, a policy that two would decide, and
 * one that nobody would decide: a graph with such a policy is not served.
 */
export async function createAuthorizer(
  settings: AuthorizationSettings,
  supergraph: Pick<Supergraph, 'access' | 'apiSchema' | 'possibleTypes'>,
  parts: AuthorizerParts = {},
): Promise<BuiltAuthorizer> {
  const { directives, fields, introspection } = settings;
  const clock = parts.clock ?? systemClock;
  const ofGraph = directives.enabled ? supergraph.access.demands : new Map<string, readonly Demand[]>();
  if (!directives.enabled && supergraph.access.demands.size > 0)
    warn('authorization.directives.enabled is false: fields that the graph protects are open to everybody', {
      coordinates: supergraph.access.demands.size,
    });
  const added = new Map(Object.entries(fields).map(([coordinate, demand]) => [coordinate, demandsOf(demand)]));
  const inputs = withStandIns(supergraph, parts.standIns);
  const access = new Access({ ...supergraph, access: { demands: ofGraph, inputs } }, added);
  const introspectionTerms = demandsOf(introspection.requires ?? {}).map((demand) => ({
    demand,
    field: undefined,
    coordinate: 'authorization.introspection',
  }));
  const functions = await functionsOf(settings, parts.policies);
  const expressions = new Map(
    Object.entries(settings.policies.expressions).map(([name, text]) => [name, compileExpression(text)]),
  );
  const http = settings.policies.endpoint && createHttpClient();
  const policies = new Policies({
    expressions,
    functions,
    endpoint: http && createPolicyEndpoint(endpointOf(settings), http, clock),
    timeoutMs: settings.policies.timeout,
    onFailure(policy, error, requestId) {
      if (failures.hasSubscribers)
        failures.publish({ requestId, error: new Error(`policy ${policy} failed and says no`, { cause: error }) });
    },
  });
  const problems = checkRules(supergraph, added, access, introspectionTerms, policies);
  if (problems.length > 0) {
    await http?.close();
    throw new PorticoError('CONFIG_INVALID', problems.join('\n'));
  }
  const options = {
    requiresAuthentication: settings.requireAuthentication,
    mode: directives.unauthorized.mode,
    isDryRun: directives.dryRun,
    response: directives.errors.response,
    introspectionTerms,
    filtersIntrospection: introspection.filter,
  };
  const log = directives.errors.log ? new RefusalLog(clock) : undefined;
  return {
    authorizer: new Authorizer(options, supergraph, access, policies, log),
    close: async () => http?.close(),
  };
}

function withStandIns(
  { access: { inputs }, apiSchema }: Pick<Supergraph, 'access' | 'apiSchema'>,
  standIns: AuthorizerParts['standIns'],
): AccessRules['inputs'] {
  if (standIns === undefined || standIns.size === 0) return inputs;
  const all = new Map(inputs);
  for (const [coordinate, other] of standIns) {
    const [typeName = '', name = ''] = other.split('.');
    const type = apiSchema.getType(typeName);
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
    const more = field === undefined ? [other] : [other, getNamedType(field.type).name];
    all.set(coordinate, [...(all.get(coordinate) ?? []), ...more]);
  }
  return all;
}

function demandsOf({ authenticated, scopes, policies }: DemandSettings): readonly Demand[] {
  return [
    ...(authenticated === true ? [{ kind: 'authenticated' } as const] : []),
    ...(scopes === undefined ? [] : [{ kind: 'scopes', anyOf: scopes } as const]),
    ...(policies === undefined ? [] : [{ kind: 'policies', anyOf: policies } as const]),
  ];
}

async function functionsOf(
  { policies }: AuthorizationSettings,
  own: AuthorizerParts['policies'] = {},
): Promise<ReadonlyMap<string, Policy>> {
  const functions = new Map(policies.module === undefined ? [] : await loadPolicyModule(policies.module));
  for (const [name, policy] of Object.entries(own)) {
    if (functions.has(name)) throw twice(name);
    functions.set(name, policy);
  }
  for (const name of Object.keys(policies.expressions)) if (functions.has(name)) throw twice(name);
  return functions;
}

function twice(name: string): PorticoError {
  return new PorticoError(
    'CONFIG_INVALID',
    `authorization.policies: ${name} would be decided by two: an expression or function too many`,
  );
}

function endpointOf({ policies }: AuthorizationSettings): Parameters<typeof createPolicyEndpoint>[0] {
  const { url, headers, cacheTtl } = policies.endpoint!;
  return { url, headers, cacheTtlMs: cacheTtl };
}

function warn(message: string, details: Readonly<Record<string, unknown>>): void {
  notices.publish({ level: 'warn', message, details });
}
