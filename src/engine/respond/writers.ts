import { isJsonObject } from '../../base/kit/isJsonObject.js';
import type { JsonObject } from '../execute/json.js';

import type { ClientPaths, ProjectionState, SharedText } from './ProjectionState.js';

const NULL = Buffer.from('null');
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, COMMA] = [0x7b, 0x7d, 0x5b, 0x5d, 0x2c];

/**
 * Writes one value to `state.out`. Gives false for null: because the value breaks the schema (then the error is already noted) or
 * because a non-null place inside it has no value. The caller then takes back what was written, and decides whether a null may stand there.
 *
 * `value` is neither null nor undefined.
 */
export interface Writer extends ClientPaths {
  write(value: unknown, state: ProjectionState): boolean;
}

/** One field of an object's answer. */
export interface FieldWriter {
  readonly clientName: string;
  /** `"name":` with what stands before it: the object's brace or a comma. */
  readonly head: Uint8Array;
  /** Where the value stands in the tree. */
  readonly key: string;
  /** Further keys that hold parts of the same field (an interface's field and its implementation's); nearly always absent. */
  readonly moreKeys: readonly string[] | undefined;
  /** `Type.field`, for messages. */
  readonly coordinate: string;
  readonly isNonNull: boolean;
  /** Text that needs no value: `__typename`, and the null of what the caller may not have. */
  readonly fixed: Uint8Array | undefined;
  /** Whether the caller may not have it; the error is known before anything runs. */
  readonly isRefused: boolean;
  readonly isIntrospection: boolean;
  /** Whether what stands in the tree is no value: the name of an interface in the place of an object type's. */
  readonly isUnnamed: boolean;
  readonly writer: Writer;
}

/**
 * Writes an object of one known type.
 *
 * HOT: once per object of the answer. Shared entities are written once and their text is used again, unless an error lies inside:
 * errors need the path of each place. Once no more errors are sent they are only counted, and the text is used again all the same
 * (else one error in an object that is reached by a million paths would cost a million walks). Bench: `npm run bench`, body "heavy".
 */
export class ObjectWriter implements Writer {
  /** Index into `state.texts`. */
  readonly #slot: number;
  readonly #typeName: string | undefined;
  #fields: readonly FieldWriter[] = [];

  /** @param typeName absent when the type is an interface and the answer does not say which object type it is */
  constructor(typeName: string | undefined, slot: number) {
    this.#typeName = typeName;
    this.#slot = slot;
  }

  /** Recursive selections need the writer before its fields are known. */
  setFields(fields: readonly FieldWriter[]): void {
    this.#fields = fields;
  }

  write(value: unknown, state: ProjectionState): boolean {
    if (!isJsonObject(value)) {
      state.invalid('An object was expected');
      return false;
    }
    const claimed = value['__typename'];
    if (claimed !== undefined && claimed !== this.#typeName && this.#typeName !== undefined) {
      state.invalid(`An object of type ${this.#typeName} was expected`);
      return false;
    }
    const { shared } = state.run;
    if (shared.size === 0 || !shared.has(value)) return this.#writeFields(value, state);
    const texts = (state.texts[this.#slot] ??= new Map<object, SharedText>());
    const known = texts.get(value);
    if (known !== undefined) {
      state.errorCount += known.errors;
      if (known.bytes !== undefined) state.out.raw(known.bytes);
      return known.bytes !== undefined;
    }
    const errorsBefore = state.errorCount;
    const start = state.out.position;
    const isWritten = this.#writeFields(value, state);
    const errors = state.errorCount - errorsBefore;
    if (errors === 0 || state.isFull) {
      texts.set(value, { bytes: isWritten ? state.out.copyFrom(start) : undefined, errors });
    }
    return isWritten;
  }

  clientPath([first, ...rest]: ReadonlyArray<string | number>): Array<string | number> {
    const field = this.#fields.find(({ key }) => key === first);
    return field === undefined ? [] : [field.clientName, ...field.writer.clientPath(rest)];
  }

  #writeFields(object: JsonObject, state: ProjectionState): boolean {
    const fields = this.#fields;
    const { out } = state;
    const depth = state.depth++;
    let isWritten = true;
    if (fields.length === 0) out.byte(OPEN_BRACE);
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i]!;
      state.path[depth] = field.clientName;
      out.raw(field.head);
      if (field.fixed !== undefined) out.raw(field.fixed);
      else if (!writeField(object, field, state)) {
        isWritten = false;
        // The other fields may have errors to tell of.
        if (!state.isFaulty) break;
      }
    }
    state.depth = depth;
    if (state.isFaulty) state.noteFaultsOf(object, depth);
    if (isWritten) out.byte(CLOSE_BRACE);
    return isWritten;
  }
}

function writeField(object: JsonObject, field: FieldWriter, state: ProjectionState): boolean {
  const { out } = state;
  if (field.isIntrospection) {
    out.text(JSON.stringify(state.introspection?.[field.clientName] ?? null));
    return true;
  }
  let value = field.isUnnamed ? undefined : object[field.key];
  if (field.moreKeys !== undefined) for (const key of field.moreKeys) value = joinParts(value, object[key], state);
  const isNull = value === null || value === undefined;
  const isExplained = state.isFaulty && explainsField(object, field, isNull, state);
  if (!isNull) {
    const start = out.position;
    if (field.writer.write(value, state)) return true;
    out.position = start;
    if (field.isNonNull) return false;
  } else if (field.isNonNull) {
    if (!isExplained && !field.isRefused)
      state.invalid(`Cannot return null for non-nullable field ${field.coordinate}`);
    return false;
  }
  out.raw(NULL);
  return true;
}

function explainsField(object: JsonObject, field: FieldWriter, isNull: boolean, state: ProjectionState): boolean {
  let isExplained = state.explains(object, field.key, isNull, field.writer);
  // The parts of one null have one cause: the first error is enough.
  for (const key of field.moreKeys ?? [])
    isExplained = isExplained || state.explains(object, key, isNull, field.writer);
  return isExplained;
}

/** Two parts of one field that stand under two keys; cold. What is known to be wrong in a part is wrong in the whole. */
function joinParts(one: unknown, other: unknown, state: ProjectionState): unknown {
  if (one === null || one === undefined) return other;
  let joined: JsonObject | unknown[];
  if (Array.isArray(one) && Array.isArray(other)) joined = one.map((each, i) => joinParts(each, other[i], state));
  else if (isJsonObject(one) && isJsonObject(other)) {
    joined = { ...one };
    for (const key of Object.keys(other)) {
      if (key === '__proto__') continue;
      joined[key] = Object.hasOwn(one, key) ? joinParts(one[key], other[key], state) : other[key];
    }
  } else return one;
  if (state.isFaulty) for (const part of [one, other]) state.faults.adopt(joined, part);
  return joined;
}

/** Writes an object whose type is known at run time only. */
export class AbstractWriter implements Writer {
  readonly #name: string;
  readonly #writerFor: (typename: string | undefined) => Writer | undefined;
  readonly #writers = new Map<string | undefined, Writer>();

  /** @param writerFor undefined for a type that is not a possible one */
  constructor(name: string, writerFor: (typename: string | undefined) => Writer | undefined) {
    this.#name = name;
    this.#writerFor = writerFor;
  }

  write(value: unknown, state: ProjectionState): boolean {
    if (!isJsonObject(value)) {
      state.invalid('An object was expected');
      return false;
    }
    const claimed = value['__typename'];
    const typename = typeof claimed === 'string' ? claimed : undefined;
    let writer = this.#writers.get(typename);
    if (writer === undefined) {
      writer = claimed === undefined || typename !== undefined ? this.#writerFor(typename) : undefined;
      if (writer === undefined) {
        state.invalid(`A type of ${this.#name} was expected`);
        return false;
      }
      this.#writers.set(typename, writer);
    }
    return writer.write(value, state);
  }

  clientPath(steps: ReadonlyArray<string | number>): Array<string | number> {
    for (const writer of this.#writers.values()) {
      const path = writer.clientPath(steps);
      if (path.length > 0) return path;
    }
    return [];
  }
}

export class ListWriter implements Writer {
  readonly #item: Writer;
  readonly #isNonNull: boolean;
  readonly #coordinate: string;

  constructor(item: Writer, isNonNull: boolean, coordinate: string) {
    this.#item = item;
    this.#isNonNull = isNonNull;
    this.#coordinate = coordinate;
  }

  write(value: unknown, state: ProjectionState): boolean {
    if (!Array.isArray(value)) {
      state.invalid('A list was expected');
      return false;
    }
    const { out } = state;
    const depth = state.depth++;
    const isFaulty = state.isFaulty && state.faults.has(value);
    let isWritten = true;
    out.byte(OPEN_BRACKET);
    for (let i = 0; i < value.length; i++) {
      const item: unknown = value[i];
      state.path[depth] = i;
      if (i > 0) out.byte(COMMA);
      const start = out.position;
      const isNull = item === null || item === undefined;
      const isExplained = isFaulty && state.explains(value, String(i), isNull, this.#item);
      if (!isNull && this.#item.write(item, state)) continue;
      out.position = start;
      if (!this.#isNonNull) {
        out.raw(NULL);
        continue;
      }
      if (isNull && !isExplained)
        state.invalid(`Cannot return null for an element of non-nullable ${this.#coordinate}`);
      isWritten = false;
      // The other elements may have errors to tell of.
      if (!state.isFaulty) break;
    }
    state.depth = depth;
    out.byte(CLOSE_BRACKET);
    return isWritten;
  }

  clientPath([first, ...rest]: ReadonlyArray<string | number>): Array<string | number> {
    return typeof first === 'number' ? [first, ...this.#item.clientPath(rest)] : [];
  }
}
