import type { RequestContext } from '../context.js';

import { callerKey } from './callerKey.js';
import { consumerKeysOf } from './consumers.js';
import type { Claim } from './Limiter.js';
import type { LimitPolicy } from './LimitPolicy.js';
import type { LimitRule } from './LimitRule.js';

type Arguments = Readonly<Record<string, unknown>>;

const NO_ARGUMENTS: Arguments = Object.freeze(Object.create(null) as Arguments);

/** What a policy claims of this caller for one occurrence; undefined when it does not limit them. */
export function claimOf(
  policy: LimitPolicy,
  context: RequestContext,
  args = NO_ARGUMENTS,
  occurrences = 1,
): Claim | undefined {
  const rule = ruleFor(policy, context);
  if (rule === undefined) return undefined;
  const values =
    policy.identityArgs.length === 0 ? undefined : policy.identityArgs.map((path) => plain(at(args, path)));
  const length = policy.arrayLength === undefined ? 1 : lengthOf(at(args, policy.arrayLength));
  return {
    rule,
    key: callerKey(policy.by, context, values),
    tenant: context.identity.tenant ?? '',
    cost: policy.cost * length * occurrences,
    readOnly: policy.readOnly,
  };
}

/** The numbers for this caller: their own, else those of their plan, else everybody's. */
function ruleFor({ rule, byConsumer, byPlan }: LimitPolicy, { identity }: RequestContext): LimitRule | undefined {
  const { plan } = identity;
  if (byConsumer.size > 0) {
    const key = consumerKeysOf(identity).find((each) => byConsumer.has(each));
    if (key !== undefined) return byConsumer.get(key);
  }
  if (byPlan.size > 0 && plan !== undefined && byPlan.has(plan)) return byPlan.get(plan);
  return rule;
}

function at(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Arguments)[step];
  }
  return found;
}

/** As text: an id is the same caller whether it came as `17` or `"17"`, and integers beyond 2^53 have no JSON. */
function plain(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) {
    return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? String(each) : each));
  }
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : String(value as number | boolean | bigint);
}

/** An empty list, or none, counts as one: asking is asking. */
function lengthOf(value: unknown): number {
  return Array.isArray(value) ? Math.max(1, value.length) : 1;
}
