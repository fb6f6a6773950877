import { isJsonObject } from '../../base/kit/isJsonObject.js';

/** A JSON object. Errors: an Error that quotes nothing of the text, which may hold what belongs in no log. */
export function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('it is not JSON');
  }
  if (!isJsonObject(value)) throw new Error('it is no JSON object');
  return value;
}
