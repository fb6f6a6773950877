import type { OutputShape } from './mapping/outputShape.js';
import type { Draft } from './Draft.js';
import type { Occurrence } from './Reach.js';

/** Which fields a connector gives only in some places of its answer. */
export interface Provided {
  /** `Type.field`: not to be had by a look-up. */
  readonly external: ReadonlySet<string>;
  /** By `Type.field` that holds the objects: what they have there all the same, as a selection. */
  readonly provides: ReadonlyMap<string, string>;
}

/**
 * The same type may have other fields in another place of an answer: `User.friends` gives the names of friends, but no name for a user whose
 * id is known. Federation says that with `@external` and `@provides`.
 *
 * For types that have a key. Values without one have the same fields everywhere or are null.
 */
export function providedFields({ reach, entry }: Draft, hasKey: (typeName: string) => boolean): Provided {
  const external = new Set<string>();
  const provides = new Map<string, string>();
  for (const [typeName, occurrences] of reach.occurrences) {
    const always = alwaysGiven(typeName, occurrences, entry, hasKey);
    if (always === undefined) continue;
    const byHolder = new Map<string, Occurrence[]>();
    for (const occurrence of occurrences) {
      for (const field of occurrence.fields) if (!always.has(field)) external.add(`${typeName}.${field}`);
      const { holder } = occurrence;
      if (holder !== undefined) byHolder.set(holder, [...(byHolder.get(holder) ?? []), occurrence]);
    }
    for (const [holder, [first, ...others]] of byHolder) {
      const extra = [...first!.fields].filter(
        (field) => !always.has(field) && others.every(({ fields }) => fields.has(field)),
      );
      if (extra.length > 0) provides.set(holder, selectionOf(first!.shape, new Set(extra)));
    }
  }
  for (const name of [...(entry?.requires.keys() ?? []), ...(entry?.external ?? [])])
    external.add(`${entry!.typeName}.${name}`);
  return { external, provides };
}

function alwaysGiven(
  typeName: string,
  occurrences: readonly Occurrence[],
  entry: Draft['entry'],
  hasKey: (typeName: string) => boolean,
): ReadonlySet<string> | undefined {
  if (entry?.typeName === typeName) return entry.fields;
  const [first, ...others] = occurrences;
  if (first === undefined || others.length === 0 || !hasKey(typeName)) return undefined;
  return new Set([...first.fields].filter((field) => others.every(({ fields }) => fields.has(field))));
}

function selectionOf(shape: OutputShape, only?: ReadonlySet<string>): string {
  if (shape.kind === 'value') return '';
  return [...shape.fields]
    .filter(([name]) => name !== '__typename' && (only === undefined || only.has(name)))
    .map(([name, field]) => {
      const inner = selectionOf(field.shape);
      return inner === '' ? name : `${name} { ${inner} }`;
    })
    .join(' ');
}
