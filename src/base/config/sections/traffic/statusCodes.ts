import { z } from 'zod';

/** HTTP statuses to tell apart: single ones and whole classes. Gives texts. */
export function statusCodes() {
  return z.array(
    z
      .union([z.int(), z.string()])
      .transform(String)
      .refine((code) => /^[45](\d\d|xx|XX)$/.test(code))
      .transform((code) => code.toLowerCase())
      .meta({ must: 'be an HTTP status from 400 to 599 or a class of them (4xx, 5xx)' }),
  );
}
