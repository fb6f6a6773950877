import {
  getNamedType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isEnumType,
  isScalarType,
} from 'graphql';
import type { GraphQLCompositeType, GraphQLField, GraphQLInputType, GraphQLObjectType, GraphQLSchema } from 'graphql';

import type {
  ArgumentSpec,
  ConditionSpec,
  FieldSpec,
  OperationSpec,
  SelectionSpec,
  TestOperation,
} from './OperationSpec.js';

/** Names of variables, in the order of use: ordinary ones between those that engines use themselves. */
const VARIABLE_NAMES = ['v', 'representations', 'constructor', 'first', 'toString', 'id', '_0'];
const MAX_ALIASES = 25;
const MAX_SELECTIONS = 120;

/**
 * - `free`: names as the spec has them. May be invalid; shows more of what clients may write.
 * - `strict`: every response path stands for one field with one set of arguments; a field that would conflict gets another alias.
 *   Always valid.
 * - `one name`: strict, and the same field with the same arguments has one response name wherever it stands at a path.
 */
export type Naming = 'free' | 'strict' | 'one name';

/** The operation as text and variables. */
export function printOperation(spec: OperationSpec, schema: GraphQLSchema, naming: Naming): TestOperation {
  return new Printer(schema, naming).print(spec);
}

class Printer {
  readonly #schema: GraphQLSchema;
  readonly #naming: Naming;
  readonly #variables = new Map<string, { name: string; type: string; default: string | undefined; value: unknown }>();
  readonly #fragments = new Map<string, string>();
  /** Response path → what stands there. */
  readonly #taken = new Map<string, string>();
  /** The other way round. */
  readonly #names = new Map<string, string>();
  #aliases = 0;
  #selections = 0;

  constructor(schema: GraphQLSchema, naming: Naming) {
    this.#schema = schema;
    this.#naming = naming;
  }

  print(spec: OperationSpec): TestOperation {
    const root = spec.kind === 'query' ? this.#schema.getQueryType()! : this.#schema.getMutationType()!;
    const body = this.#set(spec.selections, root, '', ' ');
    const declared = [...this.#variables.values()].map(
      (one) => `$${one.name}: ${one.type}${one.default === undefined ? '' : ` = ${one.default}`}`,
    );
    const head = `${spec.kind}${spec.name ? ` ${spec.name}` : ''}${declared.length > 0 ? `(${declared.join(', ')})` : ''}`;
    const fragments = [...this.#fragments].map(([text, name]) => `\nfragment ${name} ${text}`);
    const variables: Record<string, unknown> = {};
    for (const one of this.#variables.values()) if (one.value !== undefined) variables[one.name] = one.value;
    return { query: `${head} ${body}${fragments.join('')}`, variables };
  }

  #set(selections: readonly SelectionSpec[], type: GraphQLCompositeType, path: string, indent: string): string {
    const lines: string[] = [];
    for (const selection of selections) {
      if (this.#selections > MAX_SELECTIONS) break;
      this.#selections++;
      const line =
        selection.kind === 'field'
          ? this.#field(selection, type, path, indent)
          : this.#fragment(selection, type, path, indent);
      lines.push(line);
      if (selection.twice) lines.push(line);
    }
    if (lines.length === 0) lines.push('__typename');
    return `{\n${lines.map((line) => `${indent} ${line}\n`).join('')}${indent}}`;
  }

  #fragment(
    spec: SelectionSpec & { kind: 'fragment' },
    type: GraphQLCompositeType,
    path: string,
    indent: string,
  ): string {
    const on = spec.on === undefined ? type : (this.#schema.getType(spec.on) as GraphQLCompositeType);
    const directives = this.#directives(spec.conditions);
    const body = this.#set(spec.selections, on, path, spec.named ? '' : `${indent} `);
    if (!spec.named) return `...${spec.on === undefined ? '' : ` on ${spec.on}`}${directives} ${body}`;
    const text = `on ${on.name} ${body}`;
    const name = this.#fragments.get(text) ?? `F${this.#fragments.size}`;
    this.#fragments.set(text, name);
    return `...${name}${directives}`;
  }

  #field(spec: FieldSpec, parent: GraphQLCompositeType, path: string, indent: string): string {
    const field = spec.name === '__typename' ? undefined : (parent as GraphQLObjectType).getFields()[spec.name]!;
    const args = field === undefined ? '' : this.#arguments(spec.args, field);
    const responseName = this.#responseName(
      spec,
      `${spec.name}${args}:${field ? String(field.type) : 'String!'}`,
      path,
    );
    const alias = responseName === spec.name ? '' : `${responseName}: `;
    const directives = this.#directives(spec.conditions);
    const type = field && getNamedType(field.type);
    const body =
      spec.selections === undefined || type === undefined || isLeafType(type)
        ? ''
        : ` ${this.#set(spec.selections, type as GraphQLCompositeType, `${path}.${responseName}`, `${indent} `)}`;
    return `${alias}${spec.name}${args}${directives}${body}`;
  }

  #responseName(spec: FieldSpec, what: string, path: string): string {
    let name = this.#aliases < MAX_ALIASES ? (spec.alias ?? spec.name) : spec.name;
    if (this.#naming !== 'free') {
      const known = this.#names.get(`${path}.${what}`);
      if (known !== undefined && this.#naming === 'one name') return known;
      for (let n = 1; (this.#taken.get(`${path}.${name}`) ?? what) !== what; n++) name = `${spec.name}${n}`;
      this.#taken.set(`${path}.${name}`, what);
      this.#names.set(`${path}.${what}`, name);
    }
    if (name !== spec.name) this.#aliases++;
    return name;
  }

  #directives(conditions: readonly ConditionSpec[]): string {
    return conditions
      .map(({ directive, source, value }) => {
        const text =
          source === 'literal'
            ? String(value)
            : source === 'variable'
              ? this.#variable('Boolean!', undefined, value)
              : this.#variable('Boolean!', String(value), undefined);
        return ` @${directive}(if: ${text})`;
      })
      .join('');
  }

  #arguments(args: readonly ArgumentSpec[], field: GraphQLField<unknown, unknown>): string {
    if (args.length === 0) return '';
    const texts = args.map((argument) => {
      const { type } = field.args.find((one) => one.name === argument.name)!;
      return `${argument.name}: ${this.#argument(argument, type)}`;
    });
    return `(${texts.join(', ')})`;
  }

  #argument({ source, value }: ArgumentSpec, type: GraphQLInputType): string {
    switch (source) {
      case 'literal':
        return literal(value, type);
      case 'variable':
        return this.#variable(String(type), undefined, value);
      case 'default':
        return this.#variable(String(type), literal(value, type), undefined);
      case 'absent':
        return this.#variable(String(isNonNullType(type) ? type.ofType : type), undefined, undefined);
      case 'mixed':
        return this.#mixed(value, type);
    }
  }

  /** Written out, with a variable for each element or input field. */
  #mixed(value: unknown, type: GraphQLInputType): string {
    const nullable = isNonNullType(type) ? type.ofType : type;
    if (isListType(nullable) && Array.isArray(value))
      return `[${value.map((item) => this.#variable(String(nullable.ofType), undefined, item)).join(', ')}]`;
    if (isInputObjectType(nullable) && typeof value === 'object' && value !== null) {
      const fields = nullable.getFields();
      const texts = Object.entries(value).map(([name, item]) => {
        const fieldType = fields[name]!.type;
        return `${name}: ${item === null ? 'null' : this.#variable(String(fieldType), undefined, item)}`;
      });
      return `{${texts.join(', ')}}`;
    }
    return literal(value, type);
  }

  #variable(type: string, defaultText: string | undefined, value: unknown): string {
    const key = `${type}=${defaultText}:${value === undefined ? '' : JSON.stringify(value)}`;
    let variable = this.#variables.get(key);
    if (variable === undefined) {
      const n = this.#variables.size;
      variable = { name: VARIABLE_NAMES[n] ?? `v${n}`, type, default: defaultText, value };
      this.#variables.set(key, variable);
    }
    return `$${variable.name}`;
  }
}

/** A JSON value as GraphQL text. */
function literal(value: unknown, type: GraphQLInputType | undefined): string {
  const nullable = isNonNullType(type) ? type.ofType : type;
  if (value === null || value === undefined) return 'null';
  if (isListType(nullable))
    return Array.isArray(value)
      ? `[${value.map((item) => literal(item, nullable.ofType)).join(', ')}]`
      : literal(value, nullable.ofType);
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, undefined)).join(', ')}]`;
  if (typeof value === 'object') {
    const fields = isInputObjectType(nullable) ? nullable.getFields() : undefined;
    return `{${Object.entries(value)
      .map(([name, item]) => `${name}: ${literal(item, fields?.[name]?.type)}`)
      .join(', ')}}`;
  }
  if (isEnumType(nullable)) return String(value);
  if (isScalarType(nullable) && nullable.name === 'ID') return JSON.stringify(String(value));
  return JSON.stringify(value);
}
