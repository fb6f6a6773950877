import { isInterfaceType, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema } from 'graphql';

import type { EngineConfig } from '../../base/config/loadOptions.js';
import type { RateLimitRule } from '../../supergraph/model/RateLimitRule.js';
import type { Supergraph } from '../../supergraph/model/Supergraph.js';

import { consumerKey } from './consumers.js';
import type { LimitRule } from './LimitRule.js';
import type { CallerPart, LimitPolicies, LimitPolicy, OperationPolicy } from './LimitPolicy.js';

type Settings = EngineConfig['rateLimit'];
type Policy = Settings['policies'][number];

const CALENDAR_MS = { day: 86_400_000, month: 31 * 86_400_000 } as const;
const EACH: readonly string[] = ['identity'];

/**
 * All limits: those that subgraphs declare, and those of the configuration besides. None takes another's place: all that apply must be met.
 *
 * A pattern (`Query.*`) is one limit for all its fields together; so is a list of fields, or the field of an interface with those of its
 * types.
 */
export function createPolicies(
  settings: Settings,
  { rateLimits, apiSchema, possibleTypes }: Pick<Supergraph, 'rateLimits' | 'apiSchema' | 'possibleTypes'>,
): LimitPolicies {
  const byField = new Map<string, LimitPolicy[]>();
  const ofOperations: OperationPolicy[] = [];
  // What holds for the field of an interface holds for the same field of its types: nobody gets around it by naming the type.
  const limit = (coordinate: string, policy: LimitPolicy): void => {
    const [type = '', field] = coordinate.split('.');
    for (const each of [type, ...(possibleTypes.get(type) ?? [])]) append(byField, `${each}.${field}`, policy);
  };
  for (const [coordinate, rules] of rateLimits) {
    rules.forEach((rule, index) =>
      limit(coordinate, declared(rule, index === 0 ? coordinate : `${coordinate}.${index + 1}`, settings)),
    );
  }
  const fields = fieldsOf(apiSchema);
  for (const said of settings.policies) {
    const policy = configured(said, settings);
    if (said.fields !== undefined) {
      const matches = matcherOf(said.fields);
      for (const field of fields) if (matches(field)) limit(`${field.type.name}.${field.name}`, policy);
    } else {
      const operations = said.operations && new Set(said.operations);
      ofOperations.push({ ...policy, operations, countsCost: said.counts === 'cost' });
    }
  }
  return { byField, ofOperations };
}

function declared(said: RateLimitRule, name: string, settings: Settings): LimitPolicy {
  const { max, windowMs, algorithm, burst, by, identityArgs, arrayLengthField, cost, readOnly, message } = said;
  return {
    rule: { name, algorithm, max, windowMs, burst, calendar: undefined, countRejected: !said.uncountRejected },
    by: by.map(partOf),
    identityArgs: identityArgs.map(pathOf),
    arrayLength: arrayLengthField === undefined ? undefined : pathOf(arrayLengthField),
    cost,
    readOnly,
    dryRun: false,
    onStoreFailure: said.onStoreFailure ?? settings.onStoreFailure,
    message,
    byPlan: new Map(),
    byConsumer: new Map(),
  };
}

function configured(said: Policy, settings: Settings): LimitPolicy {
  const { name, max, calendar, identityArgs, arrayLengthField, cost, readOnly, dryRun, message } = said;
  const rule: LimitRule = {
    name,
    max,
    windowMs: calendar === undefined ? said.window! : CALENDAR_MS[calendar],
    algorithm: calendar === undefined ? (said.algorithm ?? 'sliding_window') : 'fixed_window',
    burst: said.burst ?? Math.max(1, max),
    calendar,
    countRejected: !said.uncountRejected,
  };
  return {
    rule,
    by: (said.by ?? EACH).map(partOf),
    identityArgs: identityArgs.map(pathOf),
    arrayLength: arrayLengthField === undefined ? undefined : pathOf(arrayLengthField),
    cost,
    readOnly,
    dryRun,
    onStoreFailure: said.onStoreFailure ?? settings.onStoreFailure,
    message,
    byPlan: overridesOf(said.plans, rule),
    byConsumer: overridesOf(said.consumers, rule, consumerKey),
  };
}

function overridesOf(
  said: Policy['plans'],
  rule: LimitRule,
  keyOf: (name: string) => string = (name) => name,
): ReadonlyMap<string, LimitRule | undefined> {
  return new Map(
    Object.entries(said).map(([name, { max = rule.max, burst, unlimited }]) => [
      keyOf(name),
      unlimited === true ? undefined : { ...rule, max, burst: burst ?? Math.max(1, max) },
    ]),
  );
}

function partOf(text: string): CallerPart {
  const colon = text.indexOf(':');
  if (colon < 0) return { kind: text as 'identity' | 'ip' | 'tenant' | 'plan' };
  const kind = text.slice(0, colon) as 'header' | 'claim';
  const name = text.slice(colon + 1);
  return { kind, name: kind === 'header' ? name.toLowerCase() : name };
}

function pathOf(text: string): readonly string[] {
  return text.split('.');
}

interface SchemaField {
  readonly type: GraphQLObjectType | GraphQLInterfaceType;
  readonly name: string;
}

/** The fields that a list of coordinates and patterns means. */
export function fieldsMatching(
  schema: GraphQLSchema,
  patterns: readonly string[],
): ReadonlyArray<GraphQLField<unknown, unknown>> {
  return fieldsOf(schema)
    .filter(matcherOf(patterns))
    .map(({ type, name }) => type.getFields()[name]!);
}

function matcherOf(patterns: readonly string[]): (field: SchemaField) => boolean {
  const parts = patterns.map((pattern) => pattern.split('.') as [type: string, field: string]);
  return ({ type, name }) =>
    parts.some((part) => (part[0] === '*' || part[0] === type.name) && (part[1] === '*' || part[1] === name));
}

function fieldsOf(schema: GraphQLSchema): readonly SchemaField[] {
  return Object.values(schema.getTypeMap()).flatMap((type) =>
    (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith('__')
      ? Object.keys(type.getFields()).map((name) => ({ type, name }))
      : [],
  );
}

/** Once: a pattern may mean an interface and its types. */
function append(map: Map<string, LimitPolicy[]>, coordinate: string, policy: LimitPolicy): void {
  const known = map.get(coordinate);
  if (known === undefined) map.set(coordinate, [policy]);
  else if (!known.includes(policy)) known.push(policy);
}
