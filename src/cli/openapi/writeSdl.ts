import { parse } from 'graphql';

import type { ArgumentDraft, FieldDraft } from './FieldDraft.js';
import type { InputTypes } from './InputTypes.js';
import type { OutputTypes } from './OutputTypes.js';
import type { SourceDraft } from './readSource.js';
import { indent } from './selectField.js';
import type { TypeNames } from './TypeNames.js';

export interface SdlParts {
  readonly source: SourceDraft;
  readonly fields: readonly FieldDraft[];
  readonly outputs: OutputTypes;
  readonly inputs: InputTypes;
  readonly names: TypeNames;
  /** For the top of the file. */
  readonly comment: string;
}

/** Everything as SDL, laid out as people write connectors. Parsed once, so that a mistake here is never written. */
export function writeSdl({ source, fields, outputs, inputs, names, comment }: SdlParts): string {
  const entities = new Set(fields.map(({ entity }) => entity).filter((entity) => entity !== undefined));
  const keys = entities.size > 0 ? ', import: ["@key"]' : '';
  const definitions = [
    [
      'extend schema',
      `  @link(url: "https://specs.apollo.dev/federation/v2.12"${keys})`,
      '  @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])',
      indent(writeSource(source)),
    ].join('\n'),
    ...(['Query', 'Mutation'] as const).flatMap((root) => {
      const own = fields.filter((field) => field.root === root).map((field) => writeField(field, source.name));
      return own.length === 0 ? [] : [braced(`type ${root}`, own, '\n\n')];
    }),
    ...outputs.all.map((type) =>
      braced(`type ${type.name}${entities.has(type) ? ' @key(fields: "id")' : ''}`, type.fields.map(writeMember)),
    ),
    ...inputs.all.map(({ name, fields: members }) => braced(`input ${name}`, members.map(writeMember))),
    ...Array.from(names.enums, ([name, values]) => braced(`enum ${name}`, values)),
    ...(names.usesJson ? ['scalar JSON'] : []),
  ];
  const sdl = `# ${comment.replace(/\s+/g, ' ')}\n${definitions.join('\n\n')}\n`;
  parse(sdl);
  return sdl;
}

function writeSource({ name, baseUrl, headers, queryParams }: SourceDraft): string {
  const written = headers.map(({ name: header, from, value }) =>
    from === undefined ? headerText(header, value!) : `{ name: ${quote(header)}, from: ${quote(from)} }`,
  );
  const http = [
    `baseURL: ${quote(baseUrl)}`,
    ...listed('headers', written),
    ...(queryParams === undefined ? [] : [`queryParams: ${block(queryParams)}`]),
  ];
  return `@source(\n${indent(`name: ${quote(name)}\n${braced('http:', http)}`)}\n)`;
}

function writeField(field: FieldDraft, source: string): string {
  const { name, type, method, url, queryParams, headers, body, selection, entity, deprecated } = field;
  const http = [
    `${method}: ${quote(url)}`,
    ...(queryParams === undefined ? [] : [`queryParams: ${block(queryParams)}`]),
    ...listed(
      'headers',
      headers.map((header) => headerText(header.name, header.value)),
    ),
    ...(body === undefined ? [] : [`body: ${block(body)}`]),
  ];
  const connect = [
    `source: ${quote(source)}`,
    http.length === 1 ? `http: { ${http[0]} }` : braced('http:', http),
    `selection: ${block(selection)}`,
    ...(entity === undefined ? [] : ['entity: true']),
  ];
  const head = `${describe(field.description)}${name}${writeArguments(field.arguments)}: ${type}`;
  const directives = [`@connect(\n${indent(connect.join('\n'))}\n)`, ...(deprecated ? ['@deprecated'] : [])];
  return `${head}\n${indent(directives.join('\n'))}`;
}

function writeArguments(list: readonly ArgumentDraft[]): string {
  if (list.length === 0) return '';
  if (list.some(({ description }) => description !== undefined))
    return `(\n${indent(list.map(writeMember).join('\n'))}\n)`;
  return `(${list.map(writeMember).join(', ')})`;
}

function writeMember(member: ArgumentDraft): string {
  return `${describe(member.description)}${member.name}: ${member.type}`;
}

function headerText(name: string, value: string): string {
  return `{ name: ${quote(name)}, value: ${quote(value)} }`;
}

function listed(name: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`${name}: [${items.length === 1 ? items[0] : `\n${indent(items.join('\n'))}\n`}]`];
}

function braced(head: string, lines: readonly string[], between = '\n'): string {
  return `${head} {\n${indent(lines.join(between))}\n}`;
}

function describe(description: string | undefined): string {
  const trimmed = description?.trim() ?? '';
  if (trimmed === '') return '';
  return `${/[\n"\\]/.test(trimmed) ? block(trimmed) : quote(trimmed)}\n`;
}

/** A GraphQL string: JSON's escapes are GraphQL's too. */
function quote(value: string): string {
  return JSON.stringify(value);
}

/** One line that needs no escapes is a plain string. */
function block(value: string): string {
  const printable = value.replace(/[^\P{Cc}\n\t]/gu, ' ').replaceAll('"""', '\\"""');
  return /[\n"\\]/.test(printable) ? `"""\n${printable}\n"""` : quote(printable);
}
