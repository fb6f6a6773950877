import type { ConstDirectiveNode, ConstValueNode } from 'graphql';

import type { ConnectTexts, Connector } from '../model/Connector.js';
import { argumentNode } from '../read/connectTexts.js';
import type { Mapping } from './mapping/Mapping.js';
import { parseSelection } from './mapping/parseSelection.js';
import { variableUses } from './mapping/variableUses.js';
import type { VariableUse } from './mapping/variableUses.js';
import type { ConnectProblem } from './ConnectProblem.js';
import type { DeclaredSource } from './Declaration.js';
import { parseRequest } from './template/parseRequest.js';
import type { RequestParts, RequestProblem, UrlParts } from './template/parseRequest.js';
import type { TemplatePart } from './template/Template.js';

/** A value from outside that a connector reads, and where it says so. */
export interface Read extends VariableUse {
  readonly node: ConstDirectiveNode | ConstValueNode;
  /** Whether it is read before the answer is there. */
  readonly isRequest: boolean;
}

export interface Reads {
  readonly reads: readonly Read[];
  readonly problems: readonly ConnectProblem[];
}

/** Everything that a connector reads, itself and by its source: arguments, the object it belongs to, the configuration. */
export function connectorReads(
  directive: ConstDirectiveNode,
  texts: ConnectTexts,
  source: DeclaredSource | undefined,
  version: Connector['version'],
): Reads {
  const reads: Read[] = [];
  const problems: ConnectProblem[] = [];
  const nodeOf = (path: string): ConstDirectiveNode | ConstValueNode =>
    path.startsWith('source.') && source !== undefined
      ? argumentNode(source.directive, path.slice('source.'.length))
      : argumentNode(directive, path);
  const use = (path: string, mapping: Mapping | undefined, isRequest: boolean): void => {
    if (mapping === undefined) return;
    const node = nodeOf(path);
    for (const each of variableUses(mapping)) if (each.variable !== '$') reads.push({ ...each, node, isRequest });
  };
  const request = parseRequest({ ...texts, version, restSource: source?.texts });
  if (request.ok) readRequest(request.value, source !== undefined, nodeOf, use, reads);
  else for (const problem of request.problems) problems.push(requestProblem(problem, nodeOf(problem.argument)));
  const response = (path: string, text: string | undefined): void => {
    if (text === undefined) return;
    const parsed = parseSelection(text, { specVersion: version });
    if (parsed.ok) return use(path, parsed.value, false);
    const message = `${path}: ${parsed.problem.message}`;
    problems.push({ code: 'CONNECTOR_INVALID_MAPPING', message, node: nodeOf(path), offset: parsed.problem.start });
  };
  response('selection', texts.selection);
  response('isSuccess', texts.isSuccess);
  response('errors.message', texts.errors?.message);
  response('errors.extensions', texts.errors?.extensions);
  if (source !== undefined) {
    response('source.isSuccess', source.texts.isSuccess);
    response('source.errors.message', source.texts.errors?.message);
    response('source.errors.extensions', source.texts.errors?.extensions);
  }
  return { reads, problems };
}

function readRequest(
  { method, urls, headers, body }: RequestParts,
  hasSource: boolean,
  nodeOf: (path: string) => Read['node'],
  use: (path: string, mapping: Mapping | undefined, isRequest: boolean) => void,
  reads: Read[],
): void {
  const parts = (path: string, list: readonly TemplatePart[]): void => {
    for (const part of list) {
      if (part.kind !== 'hole') continue;
      for (const each of variableUses(part.mapping)) {
        const span = { start: each.span.start + part.start, end: each.span.end + part.start };
        if (each.variable !== '$') reads.push({ ...each, span, node: nodeOf(path), isRequest: true });
      }
    }
  };
  const readUrl = (path: string, prefix: string, { url, path: segments, queryParams }: UrlParts): void => {
    for (const segment of url.segments) parts(path, segment);
    for (const { name, value } of url.query) parts(path, [...name, ...(value ?? [])]);
    use(`${prefix}http.path`, segments, true);
    use(`${prefix}http.queryParams`, queryParams, true);
  };
  urls.forEach((url, at) => {
    const isSource = hasSource && at === 0;
    readUrl(isSource ? 'source.http.baseURL' : `http.${method}`, isSource ? 'source.' : '', url);
  });
  for (const { value } of headers) if (value !== undefined) parts('http.headers', value.parts);
  use('http.body', body, true);
}

function requestProblem({ argument, message, start }: RequestProblem, node: Read['node']): ConnectProblem {
  const code = argument.includes('headers')
    ? 'CONNECTOR_INVALID_HEADER'
    : argument.endsWith('baseURL') || /http\.[A-Z]+$/.test(argument)
      ? 'CONNECTOR_INVALID_URL'
      : 'CONNECTOR_INVALID_MAPPING';
  return { code, message: `${argument}: ${message}`, node, offset: start };
}
