import type { ImportNotes } from './ImportNotes.js';
import type { OpenapiDocument, Reference, Schema } from './OpenapiDocument.js';
import { resolve } from './OpenapiDocument.js';

/** A schema in terms of GraphQL, its references followed. */
export type Shape =
  | { readonly kind: 'scalar'; readonly name: 'String' | 'Int' | 'Float' | 'Boolean' | 'ID' | 'JSON' }
  | { readonly kind: 'enum'; readonly name: string; readonly schema: object; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly of: Schema | Reference; readonly name: string }
  | {
      readonly kind: 'object';
      readonly name: string;
      readonly schema: object;
      readonly properties: readonly PropertyShape[];
    };

export interface PropertyShape {
  readonly name: string;
  readonly schema: Schema | Reference;
  readonly required: boolean;
  readonly description: string | undefined;
  readonly readOnly: boolean;
  readonly writeOnly: boolean;
}

const JSON_SHAPE: Shape = { kind: 'scalar', name: 'JSON' };
const ENUM_VALUE = /^(?!__|true$|false$|null$)[A-Za-z_][0-9A-Za-z_]*$/;
const MAX_DEPTH = 20;

/** Says what schemas are; `name` is what an object or an enum without a name of its own is called. */
export class SchemaReader {
  private readonly document: OpenapiDocument;
  private readonly notes: ImportNotes;

  constructor(document: OpenapiDocument, notes: ImportNotes) {
    this.document = document;
    this.notes = notes;
  }

  shapeOf(part: Schema | Reference | undefined, name: string, depth = 0): Shape {
    const resolved = part && resolve<Schema>(this.document, part);
    if (resolved === undefined || depth > MAX_DEPTH) return JSON_SHAPE;
    const { value: schema } = resolved;
    const called = resolved.name ?? name;
    const alternatives = this.alternatives(schema);
    if (alternatives !== undefined) {
      const [only] = alternatives;
      if (alternatives.length === 1) return this.shapeOf(only, called, depth + 1);
      this.notes.add(`${called}: one of ${alternatives.length} schemas: taken as JSON`);
      return JSON_SHAPE;
    }
    const types = typesOf(schema);
    if (schema.enum !== undefined && (types.length === 0 || types[0] === 'string')) return this.enumOf(schema, called);
    if (schema.allOf !== undefined || schema.properties !== undefined || types[0] === 'object') {
      return this.objectOf(schema, called);
    }
    if (types.length !== 1) return JSON_SHAPE;
    switch (types[0]) {
      case 'array':
        return { kind: 'list', of: schema.items ?? {}, name: called };
      case 'string':
        return { kind: 'scalar', name: 'String' };
      case 'boolean':
        return { kind: 'scalar', name: 'Boolean' };
      case 'number':
        return { kind: 'scalar', name: 'Float' };
      case 'integer':
        if (schema.format !== 'int64') return { kind: 'scalar', name: 'Int' };
        this.notes.add('integers of 64 bits: taken as Float, since Int has 32 bits');
        return { kind: 'scalar', name: 'Float' };
      default:
        return JSON_SHAPE;
    }
  }

  /** The schemas of oneOf or anyOf, null left out; undefined where there is neither. */
  private alternatives(schema: Schema): readonly (Schema | Reference)[] | undefined {
    const all = schema.oneOf ?? schema.anyOf;
    if (all === undefined || schema.properties !== undefined) return undefined;
    return all.filter((each) => {
      const types = typesOf(resolve<Schema>(this.document, each)?.value ?? {}, true);
      return types.length !== 1 || types[0] !== 'null';
    });
  }

  private enumOf(schema: Schema, name: string): Shape {
    const values = (schema.enum ?? []).filter((value) => value !== null);
    const names = values.filter((value): value is string => typeof value === 'string' && ENUM_VALUE.test(value));
    if (names.length === values.length && names.length > 0)
      return { kind: 'enum', name, schema, values: [...new Set(names)] };
    this.notes.add(`${name}: values of the enum are no GraphQL names: taken as String`);
    return { kind: 'scalar', name: 'String' };
  }

  private objectOf(schema: Schema, name: string): Shape {
    const properties = new Map<string, PropertyShape>();
    this.collect(schema, properties, 0);
    if (properties.size > 0) return { kind: 'object', name, schema, properties: [...properties.values()] };
    this.notes.add(`${name}: an object without properties: taken as JSON`);
    return JSON_SHAPE;
  }

  private collect(schema: Schema, properties: Map<string, PropertyShape>, depth: number): void {
    if (depth > MAX_DEPTH) return;
    for (const part of schema.allOf ?? []) {
      const inner = resolve<Schema>(this.document, part);
      if (inner !== undefined) this.collect(inner.value, properties, depth + 1);
    }
    for (const [name, part] of Object.entries(schema.properties ?? {})) {
      const value = resolve<Schema>(this.document, part)?.value ?? {};
      const { description, readOnly = false, writeOnly = false } = value;
      properties.set(name, { name, schema: part, required: false, description, readOnly, writeOnly });
    }
    for (const name of schema.required ?? []) {
      const property = properties.get(name);
      if (property !== undefined) properties.set(name, { ...property, required: true });
    }
  }
}

/** Without "null", which says no more than that a value may be missing; OpenAPI 3.0 has one type, 3.1 a list. */
export function typesOf({ type }: Schema, withNull = false): readonly string[] {
  const types = type === undefined ? [] : typeof type === 'string' ? [type] : type;
  return withNull ? types : types.filter((each) => each !== 'null');
}
