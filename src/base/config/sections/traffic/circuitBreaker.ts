import { z } from 'zod';

import { duration } from '../../values/quantity.js';
import { statusCodes } from './statusCodes.js';

const WAIT = { min: '10ms', max: '1h' };
const WINDOW = { min: '100ms', max: '10m' };

/** What holds where nothing is said. Not in the schema, which must tell a value that was written from one that was not. */
const DEFAULTS = {
  error_threshold: 50,
  volume_threshold: 20,
  rolling_window: 10_000,
  reset_timeout: 5000,
  half_open_attempts: 3,
  required_successes: 2,
  error_status_codes: ['5xx'],
  error_codes: [] as string[],
};

const enabled = z.boolean().meta({ description: 'Whether there is one.', examples: [false] });
const settings = {
  error_threshold: z
    .int()
    .min(1)
    .max(100)
    .meta({
      description: 'Percentage of failures among the calls of the window that opens it. Default: 50.',
      examples: [30],
    }),
  volume_threshold: z
    .int()
    .min(1)
    .max(1_000_000)
    .meta({
      description: 'Calls in the window below which it never opens. Default: 20.',
      examples: [50],
    }),
  rolling_window: duration(WINDOW).meta({ description: 'How far back it looks. Default: 10s.', examples: ['30s'] }),
  reset_timeout: duration(WAIT).meta({
    description: 'How long it stays open before it lets probes through. Default: 5s.',
    examples: ['30s'],
  }),
  half_open_attempts: z
    .int()
    .min(1)
    .max(1000)
    .meta({
      description: 'Probes that are let through when that time is over. Default: 3.',
      examples: [5],
    }),
  required_successes: z
    .int()
    .min(1)
    .max(1000)
    .meta({
      description: 'Probes that must succeed before it closes. One that fails opens it again. Default: 2.',
      examples: [3],
    }),
  error_status_codes: statusCodes().meta({
    description: 'HTTP statuses that count as failures. Default: 5xx.',
    examples: [[429, '5xx']],
  }),
  error_codes: z.array(z.string().min(1)).meta({
    description: 'Codes (`extensions.code`) of GraphQL errors that count as failures. Default: none.',
    examples: [['INTERNAL_SERVER_ERROR']],
  }),
};
type Key = keyof typeof settings;

/** opossum's names. */
const ALIASES = {
  errorThresholdPercentage: 'error_threshold',
  volumeThreshold: 'volume_threshold',
  resetTimeout: 'reset_timeout',
  rollingCountTimeout: 'rolling_window',
} as const satisfies Record<string, Key>;

const optional = {
  error_threshold: settings.error_threshold.optional(),
  volume_threshold: settings.volume_threshold.optional(),
  rolling_window: settings.rolling_window.optional(),
  reset_timeout: settings.reset_timeout.optional(),
  half_open_attempts: settings.half_open_attempts.optional(),
  required_successes: settings.required_successes.optional(),
  error_status_codes: settings.error_status_codes.optional(),
  error_codes: settings.error_codes.optional(),
  errorThresholdPercentage: settings.error_threshold.meta({ alias: true }).optional(),
  volumeThreshold: settings.volume_threshold.meta({ alias: true }).optional(),
  resetTimeout: settings.reset_timeout.meta({ alias: true }).optional(),
  rollingCountTimeout: settings.rolling_window.meta({ alias: true }).optional(),
};
const field = z.strictObject(optional).superRefine(refuseBothNames).transform(named);
const fields = z.record(z.string().regex(/^[A-Za-z_]\w*\.[A-Za-z_]\w*$/), field).meta({
  description:
    'Breakers of their own for calls that carry a field, by coordinate (`Query.search`): what differs from the rest. Such calls count for the field and not for the subgraph.',
  examples: [{ 'Query.search': { error_threshold: 30 } }],
});
const description =
  "Stops calling a subgraph that fails, so that its fields fail at once, and asks again after a pause. opossum's names (`errorThresholdPercentage`, `volumeThreshold`, `resetTimeout`, `rollingCountTimeout`) are understood too.";

/** A breaker per subgraph, and per field where one is configured. */
export const circuitBreaker = {
  all: {
    circuit_breaker: z
      .strictObject({ enabled: enabled.default(true), ...optional, fields: fields.optional() })
      .superRefine(refuseBothNames)
      .transform(({ enabled: isEnabled, fields: own, ...written }) => ({
        enabled: isEnabled,
        fields: own,
        ...DEFAULTS,
        ...named(written),
      }))
      .meta({ description })
      .prefault({}),
  },
  one: {
    circuit_breaker: z
      .strictObject({ enabled: enabled.optional(), ...optional, fields: fields.optional() })
      .superRefine(refuseBothNames)
      .transform(({ enabled: isEnabled, fields: own, ...written }) => ({
        enabled: isEnabled,
        fields: own,
        ...named(written),
      }))
      .meta({ description })
      .optional(),
  },
};

type Written = { readonly [K in keyof typeof optional]?: z.output<(typeof optional)[K]> };
type Named = { -readonly [K in Key]?: NonNullable<Written[K]> };

function refuseBothNames(written: Written, context: z.RefinementCtx): void {
  for (const [alias, key] of Object.entries(ALIASES) as Array<[keyof typeof ALIASES, Key]>) {
    if (written[alias] === undefined || written[key] === undefined) continue;
    const params = { hint: `leave ${alias} out` };
    context.addIssue({ code: 'custom', path: [alias], message: `says the same as ${key}, which is set too`, params });
  }
}

/** Only what was written, by our names. */
function named({
  errorThresholdPercentage,
  volumeThreshold,
  resetTimeout,
  rollingCountTimeout,
  ...ours
}: Written): Named {
  const all = {
    ...ours,
    error_threshold: ours.error_threshold ?? errorThresholdPercentage,
    volume_threshold: ours.volume_threshold ?? volumeThreshold,
    reset_timeout: ours.reset_timeout ?? resetTimeout,
    rolling_window: ours.rolling_window ?? rollingCountTimeout,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Named;
}

interface Said {
  readonly circuit_breaker?: Named | undefined;
  readonly concurrency?: { readonly max?: number | undefined } | undefined;
}

/** Refuses breakers that could never close. `all`: what holds where `said` says nothing. */
export function checkBreaker(path: readonly string[], said: Said, all: Said, context: z.RefinementCtx): void {
  const own = said.circuit_breaker;
  if (own === undefined) return;
  const attempts = own.half_open_attempts ?? all.circuit_breaker?.half_open_attempts ?? DEFAULTS.half_open_attempts;
  const needed = own.required_successes ?? all.circuit_breaker?.required_successes ?? DEFAULTS.required_successes;
  const places = said.concurrency?.max ?? all.concurrency?.max ?? Infinity;
  const refuse = (key: Key, message: string, hint: string): void =>
    context.addIssue({ code: 'custom', path: [...path, 'circuit_breaker', key], message, params: { hint } });
  if (needed > attempts) {
    const key = own.required_successes === undefined ? 'half_open_attempts' : 'required_successes';
    refuse(
      key,
      `asks for ${needed} successes of ${attempts} probes`,
      'half_open_attempts must be at least required_successes',
    );
  }
  // Defaults contradict nobody: fewer places than probes only make fewer probes.
  if (attempts > places && own.half_open_attempts !== undefined && attempts !== DEFAULTS.half_open_attempts) {
    refuse('half_open_attempts', `is more than concurrency.max, which is ${places}`, `at most ${places}`);
  }
}
