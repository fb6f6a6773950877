import type { Connector } from '../model/Connector.js';
import { variableUses } from './mapping/variableUses.js';
import { requestMappings } from './requestMappings.js';
import { parseRequest } from './template/parseRequest.js';

/** What a fetch of a connector becomes, for people: `GET http://stock.test/w/{$args.id}, one request per object`. */
export function describeConnector(connector: Connector): string {
  const { method, url, restSource, root, key, batchSize } = connector;
  const where =
    restSource === undefined ? url : `${restSource.baseUrl.replace(/\/$/, '')}/${url.trim().replace(/^\//, '')}`;
  const how = isBatched(connector)
    ? `one request for ${batchSize === undefined ? 'all objects' : `up to ${batchSize} objects`}`
    : root === undefined
      ? 'one request per object'
      : key === undefined
        ? 'one request'
        : 'one request, or one per object where objects are looked up';
  return `${method} ${where.replaceAll(/\s+/g, ' ')}, ${how}`;
}

/** Whether many objects are looked up with one request (`$batch`). */
export function isBatched(connector: Connector): boolean {
  const request = parseRequest(connector);
  if (!request.ok) return false;
  return requestMappings(request.value).some((mapping) =>
    variableUses(mapping).some(({ variable }) => variable === '$batch'),
  );
}
