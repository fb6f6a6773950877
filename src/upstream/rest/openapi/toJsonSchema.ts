import { isJsonObject } from '../../../base/kit/isJsonObject.js';
import type { OpenapiResponses } from './loadOpenapi.js';

/**
 * A document whose schemas are JSON Schema 2020-12, as far as answers go. What 3.1 has already is left; of 3.0, exclusive bounds become
 * numbers (`nullable` is understood as it is). Properties that are `writeOnly` are in no answer, whatever is required.
 */
export function toJsonSchema(document: OpenapiResponses): object {
  return convert(document) as object;
}

function convert(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(convert);
  if (!isJsonObject(value)) return value;
  const result: Record<string, unknown> = Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, convert(part)]),
  );
  for (const [exclusive, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof result[exclusive] !== 'boolean') continue;
    if (result[exclusive] && typeof result[bound] === 'number') {
      result[exclusive] = result[bound];
      delete result[bound];
    } else delete result[exclusive];
  }
  const { required, properties } = result;
  if (Array.isArray(required) && isJsonObject(properties)) {
    result['required'] = required.filter((name) => {
      const property = typeof name === 'string' ? properties[name] : undefined;
      return !isJsonObject(property) || property['writeOnly'] !== true;
    });
  }
  return result;
}
