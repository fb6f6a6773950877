import { isJsonObject } from '../execute/json.js';
import type { JsonObject } from '../execute/json.js';

import type { ClientPaths, ProjectionState, SharedText } from './ProjectionState.js';

/**
 * Writes one value as JSON text. Gives `undefined` for null: because the value breaks the schema (then the error is already noted) or
 * because a non-null place inside it has no value. The caller decides whether a null may stand there.
 *
 * `value` is neither null nor undefined.
 */
export interface Writer extends ClientPaths {
  write(value: unknown, state: ProjectionState): string | undefined;
}

/** One field of an object's answer. */
export interface FieldWriter {
  readonly clientName: string;
  /** `"name":`, escaped. */
  readonly head: string;
  /** Where the value stands in the tree. */
  readonly key: string;
  /** Further keys that hold parts of the same field (an interface's field and its implementation's); nearly always absent. */
  readonly moreKeys: readonly string[] | undefined;
  /** `Type.field`, for messages. */
  readonly coordinate: string;
  readonly isNonNull: boolean;
  /** Text that needs no value: `__typename`. */
  readonly fixed: string | undefined;
  readonly isIntrospection: boolean;
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

  write(value: unknown, state: ProjectionState): string | undefined {
    if (!isJsonObject(value)) {
      state.invalid('An object was expected');
      return undefined;
    }
    const claimed = value['__typename'];
    if (claimed !== undefined && claimed !== this.#typeName && this.#typeName !== undefined) {
      state.invalid(`An object of type ${this.#typeName} was expected`);
      return undefined;
    }
    const { shared } = state.run;
    if (shared.size === 0 || !shared.has(value)) return this.#writeFields(value, state);
    const texts = (state.texts[this.#slot] ??= new Map<object, SharedText>());
    const known = texts.get(value);
    if (known !== undefined) {
      state.errorCount += known.errors;
      return known.text;
    }
    const errorsBefore = state.errorCount;
    const text = this.#writeFields(value, state);
    const errors = state.errorCount - errorsBefore;
    if (errors === 0 || state.isFull) texts.set(value, { text, errors });
    return text;
  }

  clientPath([first, ...rest]: ReadonlyArray<string | number>): Array<string | number> {
    const field = this.#fields.find(({ key }) => key === first);
    return field === undefined ? [] : [field.clientName, ...field.writer.clientPath(rest)];
  }

  #writeFields(object: JsonObject, state: ProjectionState): string | undefined {
    const fields = this.#fields;
    const depth = state.depth++;
    let isNull = false;
    let text = '{';
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i]!;
      state.path[depth] = field.clientName;
      const written = field.fixed ?? writeField(object, field, state);
      if (written === undefined) {
        isNull = true;
        // The other fields may have errors to tell of.
        if (state.isFaulty) continue;
        break;
      }
      text += i === 0 ? field.head + written : ',' + field.head + written;
    }
    state.depth = depth;
    return isNull ? undefined : text + '}';
  }
}

function writeField(object: JsonObject, field: FieldWriter, state: ProjectionState): string | undefined {
  if (field.isIntrospection) return JSON.stringify(state.introspection?.[field.clientName] ?? null);
  let value = object[field.key];
  if (field.moreKeys !== undefined) for (const key of field.moreKeys) value = joinParts(value, object[key], state);
  const isNull = value === null || value === undefined;
  const isExplained = state.isFaulty && explainsField(object, field, isNull, state);
  if (!isNull) {
    const text = field.writer.write(value, state);
    if (text !== undefined) return text;
    return field.isNonNull ? undefined : 'null';
  }
  if (!field.isNonNull) return 'null';
  if (!isExplained) state.invalid(`Cannot return null for non-nullable field ${field.coordinate}`);
  return undefined;
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

  write(value: unknown, state: ProjectionState): string | undefined {
    if (!isJsonObject(value)) {
      state.invalid('An object was expected');
      return undefined;
    }
    const claimed = value['__typename'];
    const typename = typeof claimed === 'string' ? claimed : undefined;
    let writer = this.#writers.get(typename);
    if (writer === undefined) {
      writer = claimed === undefined || typename !== undefined ? this.#writerFor(typename) : undefined;
      if (writer === undefined) {
        state.invalid(`A type of ${this.#name} was expected`);
        return undefined;
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

  write(value: unknown, state: ProjectionState): string | undefined {
    if (!Array.isArray(value)) {
      state.invalid('A list was expected');
      return undefined;
    }
    const depth = state.depth++;
    const isFaulty = state.isFaulty && state.faults.has(value);
    let isNulled = false;
    let text = '[';
    for (let i = 0; i < value.length; i++) {
      const item: unknown = value[i];
      state.path[depth] = i;
      const isNull = item === null || item === undefined;
      const isExplained = isFaulty && state.explains(value, String(i), isNull, this.#item);
      const written = isNull ? undefined : this.#item.write(item, state);
      if (written === undefined && this.#isNonNull) {
        if (isNull && !isExplained)
          state.invalid(`Cannot return null for an element of non-nullable ${this.#coordinate}`);
        isNulled = true;
        if (state.isFaulty) continue;
        break;
      }
      text += i === 0 ? (written ?? 'null') : ',' + (written ?? 'null');
    }
    state.depth = depth;
    return isNulled ? undefined : text + ']';
  }

  clientPath([first, ...rest]: ReadonlyArray<string | number>): Array<string | number> {
    return typeof first === 'number' ? [first, ...this.#item.clientPath(rest)] : [];
  }
}
