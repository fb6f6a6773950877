import type { ConstDirectiveNode, ConstValueNode } from 'graphql';

import type { ConnectTexts, ErrorMapping, HeaderMapping, RestSource } from '../model/Connector.js';
import { argumentNode } from '../read/connectTexts.js';
import type { Mapping } from './mapping/Mapping.js';
import type { Parsed } from './mapping/MappingProblem.js';
import { parseSelection } from './mapping/parseSelection.js';
import { variableUses } from './mapping/variableUses.js';
import type { VariableUse } from './mapping/variableUses.js';
import type { ConnectProblem, ConnectProblemCode } from './ConnectProblem.js';
import { templateMappings } from './templateMappings.js';
import type { ParsedPart } from './templateMappings.js';

type Version = Mapping['version'];

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

/** Everything that a `@connect`, or a `@source`, reads: of arguments, of the object it belongs to, of the configuration. */
export function connectorReads(
  directive: ConstDirectiveNode,
  texts: Pick<ConnectTexts | RestSource, 'headers' | 'path' | 'queryParams' | 'errors' | 'isSuccess'> &
    Partial<Pick<ConnectTexts, 'method' | 'url' | 'body' | 'selection'> & Pick<RestSource, 'baseUrl'>>,
  version: Version,
): Reads {
  const reads: Read[] = [];
  const problems: ConnectProblem[] = [];
  const take = (
    path: string,
    parsed: Parsed<readonly ParsedPart[]>,
    isRequest: boolean,
    code: ConnectProblemCode,
  ): void => {
    const node = argumentNode(directive, path);
    if (!parsed.ok) {
      problems.push({ code, message: `${path}: ${parsed.problem.message}`, node, offset: parsed.problem.start });
      return;
    }
    for (const { mapping, offset } of parsed.value) {
      for (const use of variableUses(mapping)) {
        if (use.variable === '$') continue;
        const span = { start: use.span.start + offset, end: use.span.end + offset };
        reads.push({ ...use, span, node, isRequest });
      }
    }
  };
  const template = (path: string, text: string | undefined, code: ConnectProblemCode): void => {
    if (text !== undefined) take(path, templateMappings(text, version), true, code);
  };
  const mapping = (path: string, text: string | undefined, isRequest: boolean): void => {
    if (text !== undefined) take(path, whole(text, version), isRequest, 'CONNECTOR_INVALID_MAPPING');
  };
  template('http.baseURL', texts.baseUrl, 'CONNECTOR_INVALID_URL');
  if (texts.method !== undefined) template(`http.${texts.method}`, texts.url, 'CONNECTOR_INVALID_URL');
  texts.headers.forEach(({ value }: HeaderMapping, index) =>
    template(`http.headers.${index}.value`, value, 'CONNECTOR_INVALID_HEADER'),
  );
  mapping('http.path', texts.path, true);
  mapping('http.queryParams', texts.queryParams, true);
  mapping('http.body', texts.body, true);
  mapping('selection', texts.selection, false);
  mapping('isSuccess', texts.isSuccess, false);
  const errors: ErrorMapping | undefined = texts.errors;
  mapping('errors.message', errors?.message, false);
  mapping('errors.extensions', errors?.extensions, false);
  return { reads, problems };
}

function whole(text: string, specVersion: Version): Parsed<readonly ParsedPart[]> {
  const parsed = parseSelection(text, { specVersion });
  return parsed.ok ? { ok: true, value: [{ mapping: parsed.value, offset: 0 }] } : parsed;
}
