import type { Connector } from '../model/Connector.js';
import type { Mapping } from './mapping/Mapping.js';
import { parseSelection } from './mapping/parseSelection.js';
import { variableUses } from './mapping/variableUses.js';
import { parseRequest } from './template/parseRequest.js';
import { requestMappings } from './requestMappings.js';

/** Headers of the client's request that a connector reads: `from`, and `$request.headers.name`. Lower case, each once. */
export function clientHeaders(connector: Connector): readonly string[] {
  const { headers, restSource, selection, isSuccess, errors, version } = connector;
  const names = new Set<string>();
  for (const { from } of [...headers, ...(restSource?.headers ?? [])])
    if (from !== undefined) names.add(from.toLowerCase());
  const add = (mapping: Mapping): void => {
    for (const { variable, path } of variableUses(mapping)) {
      if (variable === '$request' && path[0] === 'headers' && path[1] !== undefined) names.add(path[1].toLowerCase());
    }
  };
  const request = parseRequest(connector);
  if (request.ok) requestMappings(request.value).forEach(add);
  for (const text of [selection, isSuccess, errors?.message, errors?.extensions]) {
    const parsed = text === undefined ? undefined : parseSelection(text, { specVersion: version });
    if (parsed?.ok === true) add(parsed.value);
  }
  return [...names];
}
