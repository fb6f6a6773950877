/** A field of an answer: what it is called there, and where its value is. */
export interface ProjectedField {
  readonly key: string;
  /** Property of the mapped value; undefined for `__typename`. */
  readonly property: string | undefined;
  /** Absent for scalars, enums, and what is taken as it is. */
  readonly inner: Projection | undefined;
}

/** How a mapped value becomes what a selection asks for. */
export interface Projection {
  /** The object type; undefined where the value says it itself (interfaces and unions). */
  readonly typeName: string | undefined;
  readonly fields: readonly ProjectedField[];
  /** For interfaces and unions: by object type. */
  readonly byType: ReadonlyMap<string, Projection> | undefined;
  /** What the value does not have at this place and a look-up of the object gives. */
  readonly lookUp: Projection | undefined;
}

/** An object inside an answer of which more is asked for than the answer has. */
export interface Unfinished {
  readonly value: Readonly<Record<string, unknown>>;
  readonly target: Record<string, unknown>;
  readonly projection: Projection;
}

/**
 * The value that a selection asks for: the names of the selection, null for what is missing. Values of the wrong kind pass: whoever asked
 * checks every leaf.
 *
 * HOT: once per object of an answer. Bench: bench/rest.ts.
 */
export function project(value: unknown, projection: Projection, unfinished: Unfinished[]): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) {
    const list = new Array<unknown>(value.length);
    for (let i = 0; i < value.length; i++) list[i] = project(value[i], projection, unfinished);
    return list;
  }
  if (typeof value !== 'object') return value;
  const target: Record<string, unknown> = {};
  projectInto(target, value as Readonly<Record<string, unknown>>, projection, unfinished);
  return target;
}

/** As `project`, into an object that is there. */
export function projectInto(
  target: Record<string, unknown>,
  value: Readonly<Record<string, unknown>>,
  projection: Projection,
  unfinished: Unfinished[],
): void {
  let typeName = projection.typeName;
  let own = projection;
  if (projection.byType !== undefined) {
    const said = Object.hasOwn(value, '__typename') ? value['__typename'] : undefined;
    typeName = typeof said === 'string' ? said : undefined;
    own = (typeName === undefined ? undefined : projection.byType.get(typeName)) ?? projection;
  }
  const { fields } = own;
  for (let i = 0; i < fields.length; i++) {
    const { key, property, inner } = fields[i]!;
    if (property === undefined) {
      target[key] = typeName ?? null;
      continue;
    }
    const part = Object.hasOwn(value, property) ? value[property] : null;
    target[key] = inner === undefined ? (part ?? null) : project(part, inner, unfinished);
  }
  if (own.lookUp !== undefined) unfinished.push({ value, target, projection: own.lookUp });
}
