import type { OutputShape } from './mapping/outputShape.js';
import { namedType } from '../read/readFieldTypes.js';
import type { SubgraphTypes } from './SubgraphTypes.js';

/** One place of a connector's answer at which an object type stands. */
export interface Occurrence {
  /** Its fields there. */
  readonly fields: ReadonlySet<string>;
  /** The field that holds it, as `Type.field`; absent for what an entity look-up gives. */
  readonly holder: string | undefined;
  readonly shape: OutputShape;
}

/** Something wrong between a selection and the schema, at an offset of the selection. */
export interface ReachProblem {
  readonly code: 'CONNECTOR_UNKNOWN_FIELD' | 'CONNECTOR_TYPE_MISMATCH';
  readonly message: string;
  readonly offset: number;
}

/** What one connector needs of its subgraph's schema: which types, and which of their fields. */
export class Reach {
  readonly fields = new Map<string, Set<string>>();
  readonly occurrences = new Map<string, Occurrence[]>();
  /** Enums, scalars and input types, as they are. */
  readonly whole = new Set<string>();
  readonly problems: ReachProblem[] = [];
  readonly #types: SubgraphTypes;

  constructor(types: SubgraphTypes) {
    this.#types = types;
  }

  /** Adds a field with its arguments; not what it gives. */
  addField(typeName: string, fieldName: string): void {
    const fields = this.fields.get(typeName) ?? new Set();
    this.fields.set(typeName, fields.add(fieldName));
    for (const { type } of this.#types.field(typeName, fieldName)?.arguments ?? []) this.addInput(namedType(type));
  }

  addInput(typeName: string): void {
    const type = this.#types.type(typeName);
    if (type === undefined || this.whole.has(typeName)) return;
    this.whole.add(typeName);
    if (type.kind !== 'input') return;
    for (const node of type.nodes) for (const field of node.fields ?? []) this.addInput(namedType(field.type));
  }

  /**
   * Follows what a selection makes through the type that it is for.
   *
   * @param holder the field with this type, as `Type.field`
   * @param offset where the selection says so, for what has no key of its own
   */
  addOutput(typeName: string, shape: OutputShape, holder: string | undefined, offset: number): void {
    if (!this.#types.isComposite(typeName)) return this.#addLeaf(typeName, shape, holder, offset);
    if (shape.kind === 'value') {
      const message = `${holder ?? typeName} is an object of type ${typeName}: the mapping must name its fields, as in { id }`;
      this.problems.push({ code: 'CONNECTOR_TYPE_MISMATCH', message, offset });
      return;
    }
    const kind = this.#types.type(typeName)!.kind;
    const concrete = this.#types.possibleTypes(typeName);
    if (kind !== 'object' && !shape.fields.has('__typename')) {
      const message = `${typeName} is ${kind === 'union' ? 'a union' : 'an interface'}: the mapping must give __typename`;
      this.problems.push({ code: 'CONNECTOR_TYPE_MISMATCH', message, offset });
    }
    if (!this.fields.has(typeName)) this.fields.set(typeName, new Set());
    for (const name of concrete) this.#addObject(name, shape, holder);
    for (const [name, { key }] of shape.fields) {
      if (name === '__typename') continue;
      if (kind === 'interface' && this.#types.field(typeName, name) !== undefined) this.addField(typeName, name);
      if (concrete.every((each) => this.#types.field(each, name) === undefined)) {
        const message = `${typeName} has no field "${name}"`;
        this.problems.push({ code: 'CONNECTOR_UNKNOWN_FIELD', message, offset: key.start });
      }
    }
  }

  #addObject(typeName: string, shape: OutputShape & { kind: 'object' }, holder: string | undefined): void {
    const present = [...shape.fields.keys()].filter((name) => this.#types.field(typeName, name) !== undefined);
    const list = this.occurrences.get(typeName) ?? [];
    list.push({ fields: new Set(present), holder, shape });
    this.occurrences.set(typeName, list);
    if (!this.fields.has(typeName)) this.fields.set(typeName, new Set());
    for (const name of present) {
      const { shape: inner, key } = shape.fields.get(name)!;
      this.addField(typeName, name);
      const type = namedType(this.#types.field(typeName, name)!.type);
      this.addOutput(type, inner, `${typeName}.${name}`, key.start);
    }
  }

  #addLeaf(typeName: string, shape: OutputShape, holder: string | undefined, offset: number): void {
    this.addInput(typeName);
    const kind = this.#types.type(typeName)?.kind;
    if (shape.kind === 'value' || kind === 'scalar') return;
    const message = `${holder ?? 'the field'} is of type ${typeName}, and the mapping makes an object of it`;
    this.problems.push({ code: 'CONNECTOR_TYPE_MISMATCH', message, offset });
  }
}
