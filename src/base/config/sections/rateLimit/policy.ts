import { z } from 'zod';

import { ARGUMENT_PATH, CALLER } from '../../values/limitTexts.js';
import { text } from '../../values/text.js';
import { burst, failure, max, override, window } from './numbers.js';

const name = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,63}$/)
  .meta({
    must: 'be a name of at most 64 letters, digits, dots, hyphens and underscores',
    description: 'What headers, errors, logs and the storage call it. Renaming it forgets what was counted.',
    examples: ['login'],
  });

const coordinate = z
  .string()
  .regex(/^(?:\*|[A-Za-z_]\w*)\.(?:\*|[A-Za-z_]\w*)$/)
  .meta({ must: 'be a field as Type.field; * stands for all types or all fields' });

/** `identity`, `ip` …, in configuration and directive alike. */
export const callerPart = z
  .string()
  .regex(CALLER)
  .meta({ must: 'be one of identity, ip, tenant, plan, header:NAME, claim:NAME' });

const argumentPath = z
  .string()
  .regex(ARGUMENT_PATH)
  .meta({ must: 'be the name of an argument, or a path into one (input.email)' });

const list = <Item extends z.ZodType>(item: Item) => z.array(item).min(1);

/** One limit. */
export const policy = z
  .strictObject({
    name,
    fields: list(coordinate)
      .meta({
        description:
          'The fields it limits: each occurrence counts, and one that is refused is null with an error. Without `fields` and `operations` it limits operations of any name.',
        examples: [['Mutation.login', 'Query.search']],
      })
      .optional(),
    operations: list(text())
      .meta({
        description: 'The names of operations it limits as a whole; a refused one is answered with 429.',
        examples: [['Checkout']],
      })
      .optional(),
    max,
    window: window.optional(),
    calendar: z
      .enum(['day', 'month'])
      .meta({ description: 'Instead of `window`: begins anew with the day or month (UTC).', examples: ['month'] })
      .optional(),
    counts: z
      .enum(['operations', 'cost'])
      .meta({
        description:
          'What is counted of whole operations: how many they are, or the points that they cost (needs `demand_control`): the estimate before, and the difference to what it was after.',
        examples: ['cost'],
      })
      .default('operations'),
    algorithm: z
      .enum(['sliding_window', 'token_bucket', 'fixed_window'])
      .meta({
        description:
          'How it counts: `sliding_window` never lets more than `max` through in any stretch of the window, `token_bucket` lets bursts through and `max` per window on average, `fixed_window` counts from the start of each window. Default: `sliding_window`; with `calendar`, `fixed_window`.',
        examples: ['token_bucket'],
      })
      .optional(),
    burst: burst.optional(),
    by: z
      .array(callerPart)
      .meta({
        description:
          'Who is counted together: `identity` (the authenticated caller, or the address of an anonymous one), `ip` (IPv6: the /64), `tenant`, `plan`, `header:NAME`, `claim:NAME`; several together, or an empty list for everybody. Default: `identity`.',
        examples: [['tenant']],
      })
      .optional(),
    identity_args: z
      .array(argumentPath)
      .meta({
        description: 'Arguments whose values belong to who is counted, such as the account that somebody logs in to.',
        examples: [['email']],
      })
      .prefault([]),
    array_length_field: argumentPath
      .meta({
        description: 'An argument that is a list: an occurrence counts as often as the list is long.',
        examples: ['items'],
      })
      .optional(),
    cost: z
      .int()
      .min(1)
      .max(1_000_000)
      .meta({ description: 'What one occurrence takes.', examples: [2] })
      .default(1),
    read_only: z
      .boolean()
      .meta({ description: 'Whether it only looks if something is left, and takes nothing.', examples: [true] })
      .default(false),
    uncount_rejected: z
      .boolean()
      .meta({
        description:
          'Whether what is refused does not count. With `false` whoever keeps trying keeps being refused; not for `token_bucket`.',
        examples: [false],
      })
      .default(true),
    dry_run: z
      .boolean()
      .meta({ description: 'Whether it counts and reports, and refuses nothing.', examples: [true] })
      .default(false),
    message: text()
      .meta({ description: 'What the client reads when it is refused.', examples: ['Too many attempts'] })
      .optional(),
    on_store_failure: failure.optional(),
    plans: z
      .record(z.string(), override)
      .meta({ description: 'Other numbers by the plan of the caller.', examples: [{ pro: { max: 100 } }] })
      .prefault({}),
    consumers: z
      .record(z.string(), override)
      .meta({
        description:
          'Other numbers by the subject of the caller (the name of an API key, the `sub` of a token), or by kind and subject (`api_key:batch-job`; `jwt`, `introspection`, `trusted_header`, `external`), which no other credential can be.',
        examples: [{ 'api_key:batch-job': { unlimited: true } }],
      })
      .prefault({}),
  })
  .superRefine((value, context) => {
    const refuse = (key: keyof typeof value, message: string): void =>
      context.addIssue({ code: 'custom', path: [key], message });
    const scopes = (['fields', 'operations'] as const).filter((key) => value[key] !== undefined);
    if (scopes.length > 1) refuse(scopes[1]!, `cannot stand beside ${scopes[0]!}: write two policies`);
    if ((value.window === undefined) === (value.calendar === undefined)) {
      const message = `needs exactly one of window and calendar, and has ${value.window === undefined ? 'none' : 'both'}`;
      context.addIssue({ code: 'custom', message });
    }
    if (value.calendar !== undefined && value.algorithm !== undefined && value.algorithm !== 'fixed_window') {
      refuse('algorithm', 'must be fixed_window where there is a calendar');
    }
    if (value.burst !== undefined && value.algorithm !== 'token_bucket') refuse('burst', 'is for token_bucket only');
    if (!value.uncount_rejected && value.algorithm === 'token_bucket') {
      refuse('uncount_rejected', 'cannot be false with token_bucket: use sliding_window or fixed_window');
    }
    if (value.counts === 'cost') {
      if (value.fields !== undefined) refuse('counts', 'is cost, which whole operations have: leave fields out');
      if (value.cost !== 1) refuse('cost', 'contradicts counts: cost, by which an operation takes what it costs');
      if (value.read_only) refuse('read_only', 'contradicts counts: cost');
      if (!value.uncount_rejected) refuse('uncount_rejected', 'cannot be false with counts: cost');
    }
    if (value.fields === undefined) {
      if (value.identity_args.length > 0) refuse('identity_args', 'is about arguments of fields: name the fields');
      if (value.array_length_field !== undefined) refuse('array_length_field', 'is about an argument: name the fields');
    }
    if (!value.read_only && value.max > 0 && value.cost > value.max)
      refuse('cost', 'is more than max: nothing could ever pass');
  });
