import type { ImportNotes } from './ImportNotes.js';
import { Names, fieldName, typeName } from './Names.js';
import type { Reference, Schema } from './OpenapiDocument.js';
import type { SchemaReader, Shape } from './SchemaReader.js';
import { selectField } from './selectField.js';
import type { TypeNames } from './TypeNames.js';

/** What a field gives: its type, and what a selection takes of it (undefined for scalars). */
export interface OutputValue {
  readonly type: string;
  readonly selection: string | undefined;
  /** The object type within lists, where it is one. */
  readonly object: OutputType | undefined;
}

export interface OutputType {
  readonly name: string;
  readonly fields: readonly OutputField[];
  /** Of all its fields, between braces. */
  readonly selection: string;
  /** Whether it can be found again: it has an `id`. */
  readonly hasId: boolean;
}

interface OutputField {
  readonly name: string;
  readonly type: string;
  readonly description: string | undefined;
}

/** A selection takes all fields of a type; where that would be more text than this, a field is taken as JSON. */
const MAX_SELECTION = 10_000;

/** Object types for answers. Each is complete wherever it occurs, so that every connector that gives it gives all of it. */
export class OutputTypes {
  readonly all: OutputType[] = [];
  private readonly reader: SchemaReader;
  private readonly names: TypeNames;
  private readonly notes: ImportNotes;
  private readonly made = new Map<object, OutputType>();
  private readonly underWay = new Set<object>();

  constructor(reader: SchemaReader, names: TypeNames, notes: ImportNotes) {
    this.reader = reader;
    this.names = names;
    this.notes = notes;
  }

  /** Undefined where the type would contain itself. */
  valueOf(part: Schema | Reference | undefined, name: string): OutputValue | undefined {
    const shape = this.reader.shapeOf(part, name);
    switch (shape.kind) {
      case 'scalar':
        this.names.useScalar(shape.name);
        return { type: shape.name, selection: undefined, object: undefined };
      case 'enum':
        return { type: this.names.enumName(shape), selection: undefined, object: undefined };
      case 'list': {
        const of = this.valueOf(shape.of, shape.name === name ? `${name} item` : shape.name);
        return of && { ...of, type: `[${of.type}]` };
      }
      case 'object': {
        const object = this.objectOf(shape);
        return object && { type: object.name, selection: object.selection, object };
      }
    }
  }

  private objectOf(shape: Extract<Shape, { kind: 'object' }>): OutputType | undefined {
    const known = this.made.get(shape.schema);
    if (known !== undefined) return known;
    if (this.underWay.has(shape.schema)) return undefined;
    this.underWay.add(shape.schema);
    const name = this.names.take(typeName(shape.name), shape.name);
    const names = new Names();
    const fields: OutputField[] = [];
    const lines: string[] = [];
    let length = 0;
    for (const property of shape.properties) {
      if (property.writeOnly) continue;
      let value = this.valueOf(property.schema, `${shape.name} ${property.name}`);
      if (value === undefined) {
        this.notes.add(
          `${name}.${property.name}: left out, since ${name} would contain itself without end; write a connector for it`,
        );
        continue;
      }
      if (length + (value.selection?.length ?? 0) > MAX_SELECTION) {
        this.notes.add(`${name}.${property.name}: taken as JSON, since selecting all of it would be too long`);
        this.names.useScalar('JSON');
        value = { type: value.type.replace(/\w+/, 'JSON'), selection: undefined, object: undefined };
      }
      const field = names.take(fieldName(property.name));
      const isId = field === 'id' && property.required && /^(?:String|Int|Float)$/.test(value.type);
      fields.push({ name: field, type: isId ? 'ID!' : value.type, description: property.description });
      const line = selectField(field, property.name, value.selection);
      lines.push(line);
      length += line.length;
    }
    this.underWay.delete(shape.schema);
    if (fields.length === 0) return undefined;
    const hasId = fields.some((field) => field.name === 'id' && field.type === 'ID!');
    const type = { name, fields, selection: lines.join('\n'), hasId };
    this.made.set(shape.schema, type);
    this.all.push(type);
    return type;
  }
}
