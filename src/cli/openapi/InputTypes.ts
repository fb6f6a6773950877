import type { ImportNotes } from './ImportNotes.js';
import { Names, fieldName, typeName } from './Names.js';
import type { Reference, Schema } from './OpenapiDocument.js';
import type { SchemaReader, Shape } from './SchemaReader.js';
import { selectField } from './selectField.js';
import type { TypeNames } from './TypeNames.js';

/** What an argument takes: its type, and what becomes of it in a request. */
export interface InputValue {
  readonly type: string;
  /** Fields with the names of the service; undefined where they have them already. */
  readonly selection: string | undefined;
  readonly isList: boolean;
}

interface InputType {
  readonly name: string;
  readonly fields: readonly {
    readonly name: string;
    readonly type: string;
    readonly description: string | undefined;
  }[];
}

/** Input types, for bodies and parameters. Unlike answers, they may contain themselves. */
export class InputTypes {
  readonly all: InputType[] = [];
  private readonly reader: SchemaReader;
  private readonly names: TypeNames;
  private readonly notes: ImportNotes;
  private readonly made = new Map<object, InputValue>();
  private readonly underWay = new Set<object>();
  private readonly circular = new Set<object>();

  constructor(reader: SchemaReader, names: TypeNames, notes: ImportNotes) {
    this.reader = reader;
    this.names = names;
    this.notes = notes;
  }

  valueOf(part: Schema | Reference | undefined, name: string): InputValue {
    const shape = this.reader.shapeOf(part, name);
    const plain = { selection: undefined, isList: false };
    switch (shape.kind) {
      case 'scalar':
        this.names.useScalar(shape.name);
        return { ...plain, type: shape.name };
      case 'enum':
        return { ...plain, type: this.names.enumName(shape) };
      case 'list': {
        const of = this.valueOf(shape.of, shape.name);
        return { ...of, type: `[${of.type}!]`, isList: true };
      }
      case 'object':
        return this.objectOf(shape);
    }
  }

  /** Whether a value would be an object, or a list of them. */
  isObject(part: Schema | Reference | undefined, name: string): boolean {
    const shape = this.reader.shapeOf(part, name);
    if (shape.kind === 'list') return this.isObject(shape.of, shape.name);
    return shape.kind === 'object' || (shape.kind === 'scalar' && shape.name === 'JSON');
  }

  private objectOf(shape: Extract<Shape, { kind: 'object' }>): InputValue {
    const known = this.made.get(shape.schema);
    if (this.underWay.has(shape.schema)) this.circular.add(shape.schema);
    if (known !== undefined) return known;
    this.underWay.add(shape.schema);
    const name = this.names.take(`${typeName(shape.name).replace(/Input$/, '')}Input`, shape.name);
    // For fields that lead back here: no names of the service's own within a circle.
    this.made.set(shape.schema, { type: name, selection: undefined, isList: false });
    const names = new Names();
    const lines: string[] = [];
    let isRenamed = false;
    const fields = shape.properties.flatMap((property) => {
      if (property.readOnly) return [];
      const value = this.valueOf(property.schema, `${shape.name} ${property.name}`);
      const field = names.take(fieldName(property.name));
      isRenamed ||= field !== property.name || value.selection !== undefined;
      lines.push(selectField(property.name, field, value.selection));
      return [
        { name: field, type: property.required ? `${value.type}!` : value.type, description: property.description },
      ];
    });
    this.underWay.delete(shape.schema);
    if (isRenamed && this.circular.has(shape.schema)) {
      this.notes.add(`${name} contains itself: within, its fields are sent under their GraphQL names`);
    }
    if (fields.length === 0) {
      this.notes.add(`${name}: has no fields: taken as JSON`);
      this.names.useScalar('JSON');
      const json = { type: 'JSON', selection: undefined, isList: false };
      this.made.set(shape.schema, json);
      return json;
    }
    const value = { type: name, selection: isRenamed ? lines.join('\n') : undefined, isList: false };
    this.made.set(shape.schema, value);
    this.all.push({ name, fields });
    return value;
  }
}
