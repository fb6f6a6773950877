import { isEnumType, isScalarType } from 'graphql';
import type { GraphQLLeafType } from 'graphql';

import { writeJson } from '../../base/kit/json.js';
import { jsonString } from '../../base/kit/jsonString.js';

import type { ProjectionState } from './ProjectionState.js';
import type { Writer } from './writers.js';

/**
 * Leaves are checked as the specification's result coercion demands, strictly: a subgraph has coerced already, so a value of another
 * JSON type is a mistake of the subgraph and never silently converted. IDs alone may come as whole numbers.
 *
 * Source: GraphQL specification, section 3.5 (scalars), 3.9 (enums), 6.4.3 (value completion).
 */
export function leafWriter(type: GraphQLLeafType): Writer {
  if (isEnumType(type)) {
    const texts = new Map(type.getValues().map(({ name }) => [name, `"${name}"`]));
    return checked(type.name, (value) => (typeof value === 'string' ? texts.get(value) : undefined));
  }
  if (isScalarType(type)) {
    switch (type.name) {
      case 'String':
        return STRING;
      case 'ID':
        return checked('ID', (value) => {
          if (typeof value === 'string') return jsonString(value);
          return Number.isSafeInteger(value) || typeof value === 'bigint' ? `"${String(value)}"` : undefined;
        });
      case 'Int':
        return checked('Int', (value) =>
          typeof value === 'number' && (value | 0) === value ? String(value) : undefined,
        );
      case 'Float':
        return checked('Float', (value) =>
          (typeof value === 'number' && Number.isFinite(value)) || typeof value === 'bigint'
            ? String(value)
            : undefined,
        );
      case 'Boolean':
        return checked('Boolean', (value) => (typeof value === 'boolean' ? String(value) : undefined));
    }
  }
  // A custom scalar means what its subgraph says: any JSON value passes.
  return { write: (value) => writeJson(value), clientPath: noPath };
}

const STRING = checked('String', (value) => (typeof value === 'string' ? jsonString(value) : undefined));

function checked(name: string, textOf: (value: unknown) => string | undefined): Writer {
  return {
    write: (value: unknown, state: ProjectionState) => {
      const text = textOf(value);
      // The value itself may be anything, a secret included: it is not repeated.
      if (text === undefined) state.invalid(`${name} cannot represent the value that was returned`);
      return text;
    },
    clientPath: noPath,
  };
}

/** Nothing stands below a leaf. */
function noPath(): [] {
  return [];
}
