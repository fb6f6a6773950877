import { Kind } from 'graphql';
import type { ConstDirectiveNode, ConstValueNode, DocumentNode, FieldDefinitionNode } from 'graphql';

import { ARGUMENT_PATH, CALLER } from '../../base/config/values/limitTexts.js';
import { readDuration } from '../../base/config/values/quantity.js';
import type { RateLimitRule } from '../model/RateLimitRule.js';
import { specDirectives } from './specDirectives.js';

const IDENTITY = 'specs.portico.dev/ratelimit';
const ALGORITHMS = {
  SLIDING_WINDOW: 'sliding_window',
  TOKEN_BUCKET: 'token_bucket',
  FIXED_WINDOW: 'fixed_window',
} as const;
const FAILURES = { ALLOW: 'allow', DENY: 'deny' } as const;

/**
 * The `@rateLimit`s of a supergraph by field coordinate, in the order of the text. On an object type it stands for each of its fields.
 *
 * Errors: a message with the coordinate for an argument that makes no sense: a limit that nobody understands is no limit.
 * Source: schema/directives.graphql.
 */
export function readRateLimits(document: DocumentNode): Array<readonly [coordinate: string, rules: RateLimitRule[]]> {
  const pick = specDirectives(document, IDENTITY, ['rateLimit']);
  const limits: Array<readonly [string, RateLimitRule[]]> = [];
  for (const type of document.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const ofType = pick(type.directives).map(([, directive]) => readRule(directive, type.name.value));
    for (const field of type.fields ?? []) {
      const coordinate = `${type.name.value}.${field.name.value}`;
      const own = pick(field.directives).map(([, directive]) => readRule(directive, coordinate));
      for (const rule of own) checkArguments(rule, field, coordinate);
      const rules = [...ofType, ...own];
      if (rules.length > 0) limits.push([coordinate, rules]);
    }
  }
  return limits;
}

function readRule(directive: ConstDirectiveNode, coordinate: string): RateLimitRule {
  const read = new Arguments(directive, coordinate);
  const max = read.whole('max', 0) ?? read.fail('max', 'is missing');
  const algorithm = read.oneOf('algorithm', ALGORITHMS) ?? 'sliding_window';
  const window = read.text('window') ?? read.fail('window', 'is missing');
  const windowMs = readDuration(window) ?? 0;
  if (windowMs < 1) read.fail('window', 'must be a duration with a unit (ms, s, m, h or d)');
  const burst = read.whole('burst', 1);
  if (burst !== undefined && algorithm !== 'token_bucket') read.fail('burst', 'is for TOKEN_BUCKET only');
  const uncountRejected = read.flag('uncountRejected') ?? true;
  if (!uncountRejected && algorithm === 'token_bucket')
    read.fail('uncountRejected', 'cannot be false with TOKEN_BUCKET');
  const [arrayLengthField] = read.texts('arrayLengthField', ARGUMENT_PATH) ?? [];
  return {
    max,
    windowMs,
    algorithm,
    burst: burst ?? Math.max(1, max),
    by: read.texts('by', CALLER) ?? ['identity'],
    identityArgs: read.texts('identityArgs', ARGUMENT_PATH) ?? [],
    arrayLengthField,
    cost: read.whole('cost', 1) ?? 1,
    readOnly: read.flag('readOnly') ?? false,
    uncountRejected,
    message: read.text('message'),
    onStoreFailure: read.oneOf('onStoreFailure', FAILURES),
  };
}

/** An argument that the field does not have (any more: composition drops what not all subgraphs know) tells nobody apart. */
function checkArguments(
  { identityArgs, arrayLengthField }: RateLimitRule,
  { arguments: known = [] }: FieldDefinitionNode,
  coordinate: string,
): void {
  for (const path of [...identityArgs, ...(arrayLengthField === undefined ? [] : [arrayLengthField])]) {
    const [name] = path.split('.');
    if (!known.some((argument) => argument.name.value === name))
      throw new Error(`@rateLimit on ${coordinate}: the field has no argument ${name}`);
  }
}

/** The arguments of one directive. `null` is as good as nothing. */
class Arguments {
  readonly #values = new Map<string, ConstValueNode>();
  readonly #where: string;

  constructor(directive: ConstDirectiveNode, coordinate: string) {
    this.#where = `@${directive.name.value} on ${coordinate}`;
    for (const { name, value } of directive.arguments ?? [])
      if (value.kind !== Kind.NULL) this.#values.set(name.value, value);
  }

  fail(name: string, why: string): never {
    throw new Error(`${this.#where}: ${name} ${why}`);
  }

  whole(name: string, least: number): number | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    const number = value.kind === Kind.INT ? Number(value.value) : Number.NaN;
    return number >= least && number <= 1e9 ? number : this.fail(name, `must be a whole number from ${least}`);
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    return value.kind === Kind.STRING ? value.value : this.fail(name, 'must be a text');
  }

  flag(name: string): boolean | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    return value.kind === Kind.BOOLEAN ? value.value : this.fail(name, 'must be true or false');
  }

  /** A text alone is a list of one. */
  texts(name: string, pattern: RegExp): readonly string[] | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    return (value.kind === Kind.LIST ? value.values : [value]).map((each) =>
      each.kind === Kind.STRING && pattern.test(each.value)
        ? each.value
        : this.fail(name, 'has a value that it cannot have'),
    );
  }

  oneOf<Value>(name: string, values: Readonly<Record<string, Value>>): Value | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    if (value.kind === Kind.ENUM && Object.hasOwn(values, value.value)) return values[value.value];
    return this.fail(name, `must be one of ${Object.keys(values).join(', ')}`);
  }
}
