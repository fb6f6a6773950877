import { printKey } from '../../supergraph/connect/mapping/printMapping.js';
import type { ArgumentDraft, FieldDraft } from './FieldDraft.js';
import type { ImportNotes } from './ImportNotes.js';
import type { InputTypes, InputValue } from './InputTypes.js';
import { Names, fieldName } from './Names.js';
import type {
  MediaType,
  OpenapiDocument,
  Operation,
  Parameter,
  PathItem,
  RequestBody,
  Response,
} from './OpenapiDocument.js';
import { resolve } from './OpenapiDocument.js';
import type { OutputTypes, OutputValue } from './OutputTypes.js';
import { operationName } from './operationName.js';
import { indent } from './selectField.js';

const FORM = 'application/x-www-form-urlencoded';

/** What a parameter adds to the request. */
interface Placed {
  readonly argument: ArgumentDraft;
  readonly parameter: Parameter;
  readonly value: InputValue;
}

/** Operations to fields: GET to Query, everything else to Mutation. */
export class OperationReader {
  private readonly document: OpenapiDocument;
  private readonly outputs: OutputTypes;
  private readonly inputs: InputTypes;
  private readonly notes: ImportNotes;
  private readonly names = { Query: new Names(), Mutation: new Names() };

  constructor(document: OpenapiDocument, outputs: OutputTypes, inputs: InputTypes, notes: ImportNotes) {
    this.document = document;
    this.outputs = outputs;
    this.inputs = inputs;
    this.notes = notes;
  }

  /** Undefined for an operation that cannot be a field; a note says why. */
  read(method: string, path: string, item: PathItem, operation: Operation): FieldDraft | undefined {
    const label = `${method.toUpperCase()} ${path}`;
    const root = method === 'get' ? 'Query' : 'Mutation';
    const wanted = operationName(method, path, operation);
    if (wanted.note !== undefined) this.notes.add(`${label}: ${wanted.note}`);
    const parameters = this.parameters(label, wanted.name, item, operation);
    const body = this.body(label, wanted.name, operation);
    if (parameters === undefined || body === 'refused') return undefined;
    const output = this.output(label, wanted.name, operation);
    if (output === undefined) return undefined;
    const name = this.names[root].take(wanted.name);
    if (name !== wanted.name)
      this.notes.add(`${label}: the field is called ${name}, since there is a ${wanted.name} already`);

    const { placed, entity } = this.findEntity(label, root, path, parameters, output);
    return {
      root,
      name,
      description: operation.description ?? operation.summary,
      deprecated: operation.deprecated === true,
      arguments: [...placed.map(({ argument }) => argument), ...(body === undefined ? [] : [body.argument])],
      type: output.type,
      method: method.toUpperCase(),
      url: this.url(path, placed),
      queryParams: queryParams(placed),
      headers: [...headers(placed), ...(body?.isForm === true ? [{ name: 'content-type', value: FORM }] : [])],
      body: body?.mapping,
      selection: output.selection ?? '$',
      entity,
    };
  }

  private parameters(label: string, name: string, item: PathItem, operation: Operation): Placed[] | undefined {
    const byPlace = new Map<string, Parameter>();
    for (const part of [...(item.parameters ?? []), ...(operation.parameters ?? [])]) {
      const parameter = resolve<Parameter>(this.document, part)?.value;
      if (parameter !== undefined) byPlace.set(`${parameter.in} ${parameter.name}`, parameter);
    }
    const names = new Names(operation.requestBody === undefined ? [] : ['input']);
    const placed: Placed[] = [];
    for (const parameter of byPlace.values()) {
      const what = `${label}: the ${parameter.in} parameter "${parameter.name}"`;
      const { schema } = parameter;
      if (parameter.in === 'cookie' || this.inputs.isObject(schema, name)) {
        this.notes.add(`${what} is left out: ${parameter.in === 'cookie' ? 'cookies' : 'such values'} cannot be sent`);
        if (parameter.in === 'path') return undefined;
        continue;
      }
      const value = this.inputs.valueOf(schema, `${name} ${parameter.name}`);
      const wanted = fieldName(parameter.name);
      const called = names.take(wanted);
      if (called !== parameter.name) this.notes.add(`${what} is the argument "${called}"`);
      const isRequired = parameter.required === true || parameter.in === 'path';
      const type = identifies(parameter, value) ? 'ID' : value.type;
      const argument = { name: called, type: isRequired ? `${type}!` : type, description: parameter.description };
      placed.push({ argument, parameter, value });
    }
    return placed;
  }

  private body(
    label: string,
    name: string,
    operation: Operation,
  ): { readonly argument: ArgumentDraft; readonly mapping: string; readonly isForm: boolean } | 'refused' | undefined {
    const body = operation.requestBody && resolve<RequestBody>(this.document, operation.requestBody)?.value;
    if (body === undefined) return undefined;
    const content = body.content ?? {};
    const json = jsonContent(content);
    const media = json ?? content[FORM];
    if (media === undefined) {
      this.notes.add(
        `${label}: left out: its body is ${Object.keys(content).join(', ') || 'of no type'}, not JSON or a form`,
      );
      return 'refused';
    }
    const value = this.inputs.valueOf(media.schema, `${name} input`);
    const mapping = value.selection === undefined ? '$args.input' : `$args.input {\n${indent(value.selection)}\n}`;
    const type = body.required === true ? `${value.type}!` : value.type;
    return { argument: { name: 'input', type, description: undefined }, mapping, isForm: json === undefined };
  }

  private output(label: string, name: string, operation: Operation): OutputValue | undefined {
    const responses = operation.responses ?? {};
    const success = Object.keys(responses)
      .filter((status) => /^2(?:\d\d|XX)$/i.test(status))
      .toSorted()[0];
    const response = resolve<Response>(this.document, responses[success ?? 'default'] ?? {})?.value;
    const content = response?.content ?? {};
    if (Object.keys(content).length === 0) {
      return { type: 'Boolean', selection: '$(true)', object: undefined };
    }
    const media = jsonContent(content) ?? content['text/plain'];
    if (media === undefined) {
      this.notes.add(`${label}: left out: it answers ${Object.keys(content).join(', ')}, not JSON`);
      return undefined;
    }
    const value = this.outputs.valueOf(media.schema, `${name} result`);
    if (value === undefined) this.notes.add(`${label}: left out: its answer contains itself`);
    return value;
  }

  /** `GET /pets/{petId}` finds a Pet by its id: other services can then add to it, and it to theirs. */
  private findEntity(
    label: string,
    root: string,
    path: string,
    placed: Placed[],
    output: OutputValue,
  ): { readonly placed: readonly Placed[]; readonly entity: FieldDraft['entity'] } {
    const { object } = output;
    const [only] = placed;
    const finds =
      root === 'Query' &&
      object?.hasId === true &&
      output.type === object.name &&
      placed.length === 1 &&
      only!.parameter.in === 'path' &&
      path.endsWith(`{${only!.parameter.name}}`) &&
      !only!.value.isList;
    if (!finds) return { placed, entity: undefined };
    if (only!.argument.name !== 'id') {
      this.notes.add(
        `${label}: the path parameter "${only!.parameter.name}" is the argument "id", the key of ${object.name}`,
      );
    }
    return { placed: [{ ...only!, argument: { ...only!.argument, name: 'id', type: 'ID!' } }], entity: object };
  }

  private url(path: string, placed: readonly Placed[]): string {
    return path.replace(/\{([^{}]*)\}/g, (whole, name: string) => {
      const found = placed.find(({ parameter }) => parameter.in === 'path' && parameter.name === name);
      if (found === undefined) return whole;
      return `{$args.${found.argument.name}${found.value.isList ? '->joinNotNull(",")' : ''}}`;
    });
  }
}

/** `petId`, `order_id`: whatever the service makes of it, for clients it is an id. */
function identifies({ in: place, name }: Parameter, { type }: InputValue): boolean {
  return place === 'path' && /^(?:id|.*(?:Id|_id|-id))$/.test(name) && /^(?:String|Int|Float)$/.test(type);
}

function queryParams(placed: readonly Placed[]): string | undefined {
  const lines = placed
    .filter(({ parameter }) => parameter.in === 'query')
    .map(({ argument, parameter, value }) => {
      const joins = value.isList && (parameter.explode === false || (parameter.style ?? 'form') !== 'form');
      return `${printKey(parameter.name)}: $args.${argument.name}?${joins ? `->joinNotNull("${separator(parameter)}")` : ''}`;
    });
  return lines.length === 0 ? undefined : lines.join('\n');
}

function separator({ style }: Parameter): string {
  if (style === 'spaceDelimited') return ' ';
  return style === 'pipeDelimited' ? '|' : ',';
}

function headers(placed: readonly Placed[]): readonly { readonly name: string; readonly value: string }[] {
  return placed
    .filter(({ parameter }) => parameter.in === 'header')
    .map(({ argument, parameter, value }) => ({
      name: parameter.name,
      value: `{$args.${argument.name}?${value.isList ? '->joinNotNull(",")' : ''}}`,
    }));
}

function jsonContent(content: Readonly<Record<string, MediaType>>): MediaType | undefined {
  const type = Object.keys(content).find((each) => /^[^/]+\/(?:.+\+)?json(?:;|$)/i.test(each)) ?? '*/*';
  return Object.hasOwn(content, type) ? content[type] : undefined;
}
