import type { EngineConfig } from '../../base/config/loadOptions.js';
import type { RateLimitRule } from '../../supergraph/model/RateLimitRule.js';
import type { Supergraph } from '../../supergraph/model/Supergraph.js';

import type { LimitRule } from './LimitRule.js';
import type { CallerPart, LimitPolicies, LimitPolicy, OperationPolicy } from './LimitPolicy.js';

type Settings = EngineConfig['rateLimit'];
type Policy = Settings['policies'][number];

const CALENDAR_MS = { day: 86_400_000, month: 31 * 86_400_000 } as const;
const EACH: readonly string[] = ['identity'];

/**
 * All limits: those that subgraphs declare, and those of the configuration besides. None takes another's place: all that apply must be met.
 *
 * A pattern (`Query.*`) is one limit for all its fields together; so is a list of fields.
 */
export function createPolicies(
  settings: Settings,
  { rateLimits, apiSchema }: Pick<Supergraph, 'rateLimits' | 'apiSchema'>,
): LimitPolicies {
  const byField = new Map<string, LimitPolicy[]>();
  const ofOperations: OperationPolicy[] = [];
  for (const [coordinate, rules] of rateLimits) {
    const policies = rules.map((rule, index) =>
      declared(rule, index === 0 ? coordinate : `${coordinate}.${index + 1}`, settings),
    );
    byField.set(coordinate, policies);
  }
  const coordinates = fieldsOf(apiSchema);
  for (const said of settings.policies) {
    const policy = configured(said, settings);
    if (said.fields !== undefined) {
      const matches = matcherOf(said.fields);
      for (const coordinate of coordinates) if (matches(coordinate)) append(byField, coordinate, policy);
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
    bySubject: new Map(),
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
    bySubject: overridesOf(said.consumers, rule),
  };
}

function overridesOf(said: Policy['plans'], rule: LimitRule): ReadonlyMap<string, LimitRule | undefined> {
  return new Map(
    Object.entries(said).map(([name, { max = rule.max, burst, unlimited }]) => [
      name,
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

function matcherOf(patterns: readonly string[]): (coordinate: string) => boolean {
  const parts = patterns.map((pattern) => pattern.split('.') as [type: string, field: string]);
  return (coordinate) => {
    const [type, field] = coordinate.split('.');
    return parts.some((part) => (part[0] === '*' || part[0] === type) && (part[1] === '*' || part[1] === field));
  };
}

function fieldsOf(schema: Supergraph['apiSchema']): readonly string[] {
  return Object.values(schema.getTypeMap()).flatMap((type) =>
    'getFields' in type && !type.name.startsWith('__')
      ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)
      : [],
  );
}

function append<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
