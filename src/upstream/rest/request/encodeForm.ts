import { isJsonObject } from '../../../base/kit/isJsonObject.js';
import { scalarText } from '../mapping/jsonValues.js';

/** Levels that a form may nest. */
const MAX_DEPTH = 20;

/**
 * A value as `application/x-www-form-urlencoded` (WHATWG URL). Nested values as PHP and Rails read them: `a[b]=1&list[0]=2`; null is empty.
 *
 * Undefined: the value is no object, or nests too deep.
 */
export function encodeForm(value: unknown): string | undefined {
  if (!isJsonObject(value)) return undefined;
  const form = new URLSearchParams();
  for (const name of Object.keys(value)) if (!append(form, name, value[name], 1)) return undefined;
  return form.toString();
}

function append(form: URLSearchParams, name: string, value: unknown, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(value)) {
    return value.every((element, index) => append(form, `${name}[${index}]`, element, depth + 1));
  }
  if (isJsonObject(value)) {
    return Object.keys(value).every((key) => append(form, `${name}[${key}]`, value[key], depth + 1));
  }
  form.append(name, scalarText(value) ?? '');
  return true;
}
