import { getNamedType, isEnumType } from 'graphql';

import { BoundedMap } from './BoundedMap.js';
import { Draw, canonical, hashText } from './Draw.js';
import { foreignOrdinal, isWide, keyCodec } from './keyCodec.js';
import type { KeyCodec } from './keyCodec.js';
import type { Family, MockGraph } from './MockGraph.js';
import { entityIdentity } from './MockObject.js';
import type { EntityName } from './MockObject.js';

/** Keys that clients made up are remembered, this many. */
const MAX_REMEMBERED = 20_000;

/**
 * Between keys and entities, both ways: every entity has an ordinal in its family, and each of its keys is written from it. So all keys of
 * one entity agree, in all subgraphs. A key that is not of our making gets an ordinal by its hash, and is remembered as it was written.
 */
export class EntityNames {
  readonly #graph: MockGraph;
  readonly #seed: string;
  readonly #codecs = new Map<string, KeyCodec | undefined>();
  /** What keys were written as, by entity and path, where that is not what we would write. */
  readonly #written = new BoundedMap<unknown>(MAX_REMEMBERED);
  /** The way back: family, path, value to ordinal. */
  readonly #aliases = new BoundedMap<number>(MAX_REMEMBERED);

  constructor(graph: MockGraph, seed: string) {
    this.#graph = graph;
    this.#seed = seed;
  }

  /** The object type of an entity. */
  memberOf({ family: { members }, ordinal }: EntityName): string {
    return members[(ordinal - 1) % members.length]!;
  }

  /** The entity nearest to this ordinal that is of the type. */
  ofType(family: Family, member: string, near: number): EntityName {
    const { members } = family;
    const first = near - ((near - 1) % members.length);
    return { family, ordinal: first + Math.max(0, members.indexOf(member)) };
  }

  /** The value of one leaf of its keys. */
  keyValue(entity: EntityName, path: string): unknown {
    const written = this.#written.get(`${entityIdentity(entity)} ${path}`);
    if (written !== undefined) return written;
    const { family, ordinal } = entity;
    const type = this.#leafType(family, path);
    const codec = this.#codec(family, path);
    if (codec !== undefined) return codec.encode(ordinal);
    const draw = new Draw(`${this.#seed} ${entityIdentity(entity)} ${path}`);
    return isEnumType(type) ? draw.pick(this.#graph.enumValues(type)) : draw.fraction() < 0.5;
  }

  /**
   * The entity that has these values. They may be a whole key, several, or a part of one.
   *
   * @param members the object types that it may be; not empty
   * Gives undefined when the values hold nothing of any key.
   */
  find(family: Family, members: readonly string[], values: object): EntityName | undefined {
    const leaves = family.paths.flatMap((path) => {
      const value = valueAt(values, path);
      return value === undefined || value === null ? [] : [{ path, value: this.#normal(family, path, value) }];
    });
    if (leaves.length === 0) return undefined;
    const text = (path: string, value: unknown): string => `${family.name} ${path}=${canonical(value)}`;
    const accepted = (ordinal: number, from?: string): EntityName | undefined => {
      const entity = { family, ordinal };
      const fits =
        members.includes(this.memberOf(entity)) &&
        leaves.every(({ path, value }) => path === from || canonical(this.keyValue(entity, path)) === canonical(value));
      return fits ? entity : undefined;
    };
    for (const { path, value } of leaves) {
      const alias = this.#aliases.get(text(path, value));
      const found = alias === undefined ? undefined : accepted(alias);
      if (found !== undefined) return found;
    }
    for (const { path, value } of leaves) {
      const ordinal = this.#codec(family, path)?.decode(value);
      const found = ordinal === undefined ? undefined : accepted(ordinal);
      if (found !== undefined) return found;
    }
    // One leaf of somebody's making, the others ours.
    for (const { path, value } of leaves) {
      if (this.#codec(family, path) === undefined) continue;
      const { ordinal } = this.#foreign(family, members, text(path, value));
      const found = accepted(ordinal, path);
      if (found !== undefined) return this.#remember(found, [{ path, value }]);
    }
    const all = leaves.map(({ path, value }) => text(path, value)).join(' ');
    return this.#remember(this.#foreign(family, members, all), leaves);
  }

  /** Whether ordinals of the family may be beyond the range of an Int. */
  isWide(family: Family): boolean {
    return family.paths.every((path) => {
      const codec = this.#codec(family, path);
      return codec === undefined || isWide(codec);
    });
  }

  #foreign(family: Family, members: readonly string[], text: string): EntityName {
    return this.ofType(family, members[hashText(text) % members.length]!, foreignOrdinal(text, this.isWide(family)));
  }

  #remember(entity: EntityName, leaves: ReadonlyArray<{ readonly path: string; readonly value: unknown }>): EntityName {
    for (const { path, value } of leaves) {
      if (canonical(this.keyValue(entity, path)) === canonical(value)) continue;
      this.#written.set(`${entityIdentity(entity)} ${path}`, value);
      this.#aliases.set(`${entity.family.name} ${path}=${canonical(value)}`, entity.ordinal);
    }
    return entity;
  }

  /** An ID is a text, whatever JSON it came as. */
  #normal(family: Family, path: string, value: unknown): unknown {
    const type = this.#leafType(family, path)?.name;
    return (type === 'ID' || type === 'String') && typeof value === 'number' ? String(value) : value;
  }

  #codec(family: Family, path: string): KeyCodec | undefined {
    const place = `${family.name} ${path}`;
    if (this.#codecs.has(place)) return this.#codecs.get(place);
    const type = this.#leafType(family, path);
    const plain =
      type === undefined || isEnumType(type) ? undefined : keyCodec(type.name, path.slice(path.lastIndexOf('.') + 1));
    // Among several types a number would be a film today and nobody's book.
    const codec = plain?.encode(1) === '1' && family.members.length > 1 ? this.#withTypeName(family) : plain;
    this.#codecs.set(place, codec);
    return codec;
  }

  /** `film-2`. */
  #withTypeName(family: Family): KeyCodec {
    const encode = (ordinal: number): string => `${this.memberOf({ family, ordinal }).toLowerCase()}-${ordinal}`;
    return {
      encode,
      decode(value) {
        const ordinal = Number(/-(\d{1,15})$/.exec(String(value))?.[1] ?? 0);
        return ordinal > 0 && encode(ordinal) === value ? ordinal : undefined;
      },
    };
  }

  #leafType(family: Family, path: string): ReturnType<typeof getNamedType> | undefined {
    for (const start of [...family.members, family.name]) {
      let type: string | undefined = start;
      let found: ReturnType<typeof getNamedType> | undefined;
      for (const name of path.split('.')) {
        const field: ReturnType<MockGraph['anyField']> =
          type === undefined ? undefined : this.#graph.anyField(type, name);
        found = field && getNamedType(field.type);
        type = found?.name;
      }
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** What stands at a path of nested objects. */
function valueAt(values: object, path: string): unknown {
  let value: unknown = values;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !(name in value)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return typeof value === 'function' ? undefined : value;
}
