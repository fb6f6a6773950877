import { z } from 'zod';

import { DURATION_UNITS } from '../../kit/parseDuration.js';

/** A unit and what one of it is worth. */
type Units = Readonly<Record<string, number>>;

const SIZE_UNITS: Units = { B: 1, kB: 1e3, KB: 1e3, KiB: 1024, MB: 1e6, MiB: 1024 ** 2, GB: 1e9, GiB: 1024 ** 3 };

export interface Bounds {
  /** The smallest legal value, in the same words as the setting. */
  readonly min: string;
  readonly max: string;
}

/** A stretch of time as text with a unit (`250ms`, `10s`, `5m`, `1h`, `1d`). Gives milliseconds. Illegal: bare numbers, anything out of bounds. */
export function duration(bounds: Bounds) {
  return quantity('duration', DURATION_UNITS, 'a duration with a unit (ms, s, m, h or d)', bounds);
}

/** A duration that stands elsewhere than in a configuration: `10s` gives 10000; undefined when it is none. Milliseconds. */
export function readDuration(text: string): number | undefined {
  return patternOf(DURATION_UNITS).test(text) ? Math.round(amount(text, DURATION_UNITS)) : undefined;
}

/** A number of bytes as text with a unit (`512B`, `16KiB`, `2MB`). Gives bytes. Illegal: bare numbers, anything out of bounds. */
export function size(bounds: Bounds) {
  return quantity('size', SIZE_UNITS, 'a size with a unit (B, KB, KiB, MB, MiB, GB or GiB)', bounds);
}

function quantity(kind: 'duration' | 'size', units: Units, what: string, { min, max }: Bounds) {
  const least = amount(min, units);
  const most = amount(max, units);
  return z
    .string()
    .regex(patternOf(units))
    .transform((text, context) => {
      const value = amount(text, units);
      // The message is made of `must`; see describeIssue.
      if (value < least || value > most) context.addIssue({ code: 'custom', message: '' });
      return Math.round(value);
    })
    .meta({ kind, must: `be ${what} from ${min} to ${max}` });
}

function patternOf(units: Units): RegExp {
  return new RegExp(`^\\d{1,15}(?:\\.\\d{1,6})?(?:${Object.keys(units).join('|')})$`);
}

function amount(text: string, units: Units): number {
  const [, digits = '', unit = ''] = /^([\d.]+)(\D+)$/.exec(text) ?? [];
  return Number(digits) * (units[unit] ?? Number.NaN);
}

/** What was probably meant by a number without a unit. */
export function withUnit(kind: 'duration' | 'size', value: unknown): string {
  return kind === 'duration'
    ? `write "${String(value)}s" or "${String(value)}ms"`
    : `write "${String(value)}B", or a number of KB, KiB, MB …`;
}
