/** Units of a stretch of time, in milliseconds. */
export const DURATION_UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of a text such as `250ms`, `10s`, `5m`, `1h` or `1d`; undefined for anything else, bare numbers included. */
export function parseDuration(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^(\d{1,15}(?:\.\d{1,6})?)(ms|s|m|h|d)$/.exec(text) ?? [];
  return digits === '' ? undefined : Math.round(Number(digits) * DURATION_UNITS[unit]!);
}
