import { isEnumType, isScalarType } from 'graphql';
import type { GraphQLLeafType } from 'graphql';

import { writeJson } from '../../base/kit/json.js';

import type { JsonBytes } from './JsonBytes.js';
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
    const texts = new Map(type.getValues().map(({ name }) => [name, Buffer.from(`"${name}"`)]));
    return checked(type.name, (value, out) => {
      const text = typeof value === 'string' ? texts.get(value) : undefined;
      if (text === undefined) return false;
      out.raw(text);
      return true;
    });
  }
  if (isScalarType(type)) {
    const writer = SPECIFIED.get(type.name);
    if (writer !== undefined) return writer;
  }
  // A custom scalar means what its subgraph says: any JSON value passes. `1e400` is none that could be written.
  return checked(type.name, (value, out) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return false;
    out.text(writeJson(value));
    return true;
  });
}

/** Writes a value that fits, and gives false for one that does not. */
type WriteLeaf = (value: unknown, out: JsonBytes) => boolean;

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');

const SPECIFIED: ReadonlyMap<string, Writer> = new Map([
  [
    'String',
    checked('String', (value, out) => {
      if (typeof value !== 'string') return false;
      out.string(value);
      return true;
    }),
  ],
  [
    'ID',
    checked('ID', (value, out) => {
      if (typeof value === 'string') out.string(value);
      else if (Number.isSafeInteger(value) || typeof value === 'bigint') out.string(String(value));
      else return false;
      return true;
    }),
  ],
  [
    'Int',
    checked('Int', (value, out) => {
      if (typeof value !== 'number' || (value | 0) !== value) return false;
      out.ascii(String(value));
      return true;
    }),
  ],
  [
    'Float',
    checked('Float', (value, out) => {
      if (!(typeof value === 'number' && Number.isFinite(value)) && typeof value !== 'bigint') return false;
      out.ascii(String(value));
      return true;
    }),
  ],
  [
    'Boolean',
    checked('Boolean', (value, out) => {
      if (typeof value !== 'boolean') return false;
      out.raw(value ? TRUE : FALSE);
      return true;
    }),
  ],
]);

function checked(name: string, writeLeaf: WriteLeaf): Writer {
  return {
    write: (value: unknown, state: ProjectionState) => {
      if (writeLeaf(value, state.out)) return true;
      // The value itself may be anything, a secret included: it is not repeated.
      state.invalid(`${name} cannot represent the value that was returned`);
      return false;
    },
    clientPath: noPath,
  };
}

/** Nothing stands below a leaf. */
function noPath(): [] {
  return [];
}
