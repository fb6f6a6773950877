import { Kind } from 'graphql';
import type { ConstDirectiveNode, ConstObjectFieldNode, ConstObjectValueNode, ConstValueNode } from 'graphql';

import type { ConnectTexts, ErrorMapping, HeaderMapping, RestMethod, RestSource } from '../model/Connector.js';
import { argument } from './specDirectives.js';

const METHODS: readonly RestMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** What is wrong with the arguments of a `@connect` or `@source`, and where. */
export class ConnectArgumentProblem extends Error {
  readonly node: ConstDirectiveNode | ConstValueNode | ConstObjectFieldNode;

  constructor(message: string, node: ConnectArgumentProblem['node']) {
    super(message);
    this.node = node;
  }
}

/**
 * The arguments of `@source`. Their types are checked by composition.
 *
 * Throws a ConnectArgumentProblem.
 */
export function sourceTexts(directive: ConstDirectiveNode): RestSource {
  const http = objectArgument(directive, 'http');
  const baseUrl = http && textField(http, 'baseURL');
  if (baseUrl === undefined) throw new ConnectArgumentProblem('@source needs http.baseURL', directive);
  return {
    name: textOf(argument(directive, 'name')) ?? '',
    baseUrl,
    headers: headersOf(http!),
    path: textField(http!, 'path'),
    queryParams: textField(http!, 'queryParams'),
    errors: errorsOf(directive),
    isSuccess: textOf(argument(directive, 'isSuccess')),
  };
}

/**
 * The arguments of `@connect`.
 *
 * Throws a ConnectArgumentProblem.
 */
export function connectTexts(directive: ConstDirectiveNode): ConnectTexts {
  const http = objectArgument(directive, 'http');
  if (http === undefined) throw new ConnectArgumentProblem('@connect needs http with a method', directive);
  const methods = METHODS.filter((method) => fieldOf(http, method) !== undefined);
  const [method] = methods;
  if (method === undefined) {
    throw new ConnectArgumentProblem(`http needs one of ${METHODS.join(', ')}`, http);
  }
  if (methods.length > 1) throw new ConnectArgumentProblem(`http has two methods, ${methods.join(' and ')}`, http);
  const batch = objectArgument(directive, 'batch');
  const batchSize = batch && fieldOf(batch, 'maxSize')?.value;
  const entity = argument(directive, 'entity');
  return {
    source: textOf(argument(directive, 'source')),
    id: textOf(argument(directive, 'id')),
    method,
    url: textField(http, method) ?? '',
    headers: headersOf(http),
    body: textField(http, 'body'),
    path: textField(http, 'path'),
    queryParams: textField(http, 'queryParams'),
    selection: textOf(argument(directive, 'selection')) ?? '',
    entity: entity?.kind === Kind.BOOLEAN && entity.value,
    batchSize: batchSize?.kind === Kind.INT ? Number(batchSize.value) : undefined,
    errors: errorsOf(directive),
    isSuccess: textOf(argument(directive, 'isSuccess')),
  };
}

/** Where a text of the arguments stands (`http.GET`, `selection`), for messages; the directive itself when it is not there. */
export function argumentNode(directive: ConstDirectiveNode, path: string): ConstDirectiveNode | ConstValueNode {
  const [first = '', ...rest] = path.split('.');
  let node = argument(directive, first);
  for (const name of rest) {
    if (node?.kind === Kind.LIST) node = node.values[Number(name)];
    else node = node?.kind === Kind.OBJECT ? fieldOf(node, name)?.value : undefined;
  }
  return node ?? directive;
}

function headersOf(http: ConstObjectValueNode): readonly HeaderMapping[] {
  const list = fieldOf(http, 'headers')?.value;
  const values = list?.kind === Kind.LIST ? list.values : list === undefined ? [] : [list];
  return values.flatMap((each): HeaderMapping[] => {
    if (each.kind !== Kind.OBJECT) return [];
    const name = textField(each, 'name');
    const header = { name: name ?? '', from: textField(each, 'from'), value: textField(each, 'value') };
    if (name === undefined || (header.from === undefined) === (header.value === undefined)) {
      throw new ConnectArgumentProblem('a header needs a name and either from or value', each);
    }
    return [header];
  });
}

function errorsOf(directive: ConstDirectiveNode): ErrorMapping | undefined {
  const errors = objectArgument(directive, 'errors');
  return errors && { message: textField(errors, 'message'), extensions: textField(errors, 'extensions') };
}

function objectArgument(directive: ConstDirectiveNode, name: string): ConstObjectValueNode | undefined {
  const value = argument(directive, name);
  return value?.kind === Kind.OBJECT ? value : undefined;
}

function fieldOf(object: ConstObjectValueNode, name: string): ConstObjectFieldNode | undefined {
  return object.fields.find((each) => each.name.value === name);
}

function textField(object: ConstObjectValueNode, name: string): string | undefined {
  return textOf(fieldOf(object, name)?.value);
}

function textOf(value: ConstValueNode | undefined): string | undefined {
  return value?.kind === Kind.STRING ? value.value : undefined;
}
