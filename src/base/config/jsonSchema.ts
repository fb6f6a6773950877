import { z } from 'zod';

import { configSchema } from './configSchema.js';

type JsonSchema = Record<string, unknown>;

/** A value that is put together when the file is read may be written wherever it stands alone. */
const VARIABLE = { type: 'string', pattern: '\\$\\{' };

/**
 * The JSON Schema (draft-07) of `portico.yaml`, for editors: every setting with its meaning, default and bounds.
 *
 * It is a little wider than validation: bounds of durations and sizes, and what contradicts, only the gateway knows.
 */
export function configJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(configSchema, {
    target: 'draft-7',
    io: 'input',
    override: ({ jsonSchema }) => tidy(jsonSchema as JsonSchema),
  }) as JsonSchema;
  const { $schema, ...rest } = schema;
  return { $schema, title: 'portico.yaml', description: 'Configuration of the Portico gateway.', ...rest };
}

/** Our own facts go, and `${VAR}` is welcome where a number, a choice or a pattern is asked for. */
function tidy(schema: JsonSchema): void {
  const { must, description } = schema;
  delete schema['must'];
  delete schema['kind'];
  // A section without settings is one of defaults: nothing that an editor should write.
  if (schema['type'] === 'object') delete schema['default'];
  if (typeof must === 'string' && typeof description === 'string') {
    schema['description'] = `${description} Must ${must}.`;
  }
  const { type, pattern, enum: choices, format, minimum, maximum } = schema;
  const isScalar = type === 'integer' || type === 'boolean' || pattern !== undefined || choices !== undefined;
  if (!isScalar && format === undefined) return;
  for (const key of ['type', 'pattern', 'enum', 'format', 'minimum', 'maximum']) delete schema[key];
  const plain = { type, pattern, enum: choices, format, minimum, maximum };
  schema['anyOf'] = [Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)), VARIABLE];
}
