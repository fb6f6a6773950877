import { CONNECTION_HEADERS } from '../../../base/kit/connectionHeaders.js';
import { TOKEN } from '../../../base/kit/httpText.js';
import { writeJson } from '../../../base/kit/json.js';
import { isHeaderText } from '../../../supergraph/connect/template/parseHeader.js';
import type { RestRequest } from '../../SubgraphClient.js';
import { scalarText } from '../mapping/jsonValues.js';
import { FORM_TYPE } from '../request/compileBody.js';
import { MAX_URL_LENGTH } from '../request/compileUrl.js';
import { encodeForm } from '../request/encodeForm.js';
import { encodeForUrl } from '../request/encodeForUrl.js';
import type { RestBodyOptions, RestMethodName } from './RestClient.js';
import { isRestPath, refusal } from './restPath.js';
import type { RestPath } from './restPath.js';

/**
 * A call of a RestClient as a request. What comes from resolvers is untrusted: they hand on what clients send.
 *
 * @param basePath that of the base URL, without a slash at the end
 * Errors: REST_REQUEST_INVALID; TypeError for what is no path.
 */
export function writeRequest(
  basePath: string,
  method: RestMethodName,
  path: RestPath,
  { query = {}, headers = {}, body, form }: RestBodyOptions,
): RestRequest {
  if (!isRestPath(path)) throw new TypeError('A path is made with restPath`/items/${sku}`');
  const url = `${basePath}${path.text}${writeQuery(query)}`;
  if (url.length > MAX_URL_LENGTH) throw refusal(`The URL is longer than ${MAX_URL_LENGTH} characters`);
  const sent = writeHeaders(headers);
  if (body !== undefined && form !== undefined) throw new TypeError('A request has a body or a form, not both');
  const text = form === undefined ? (body === undefined ? undefined : writeJson(body)) : encodeForm(form);
  if (form !== undefined && text === undefined) throw refusal('A form is made from an object, 20 levels deep at most');
  if (text !== undefined && !sent.some(([name]) => name === 'content-type'))
    sent.push(['content-type', form === undefined ? 'application/json' : FORM_TYPE]);
  return { method, path: url, headers: sent, body: text };
}

function writeQuery(query: NonNullable<RestBodyOptions['query']>): string {
  let text = '';
  for (const [name, given] of Object.entries(query)) {
    if (given === null || given === undefined) continue;
    for (const each of Array.isArray(given) ? (given as readonly unknown[]) : [given]) {
      const value = each === null ? undefined : scalarText(each);
      if (value === undefined) throw refusal('A query parameter is a scalar or a list of scalars');
      text += `${text === '' ? '?' : '&'}${encodeForUrl(name)}=${encodeForUrl(value)}`;
    }
  }
  return text;
}

function writeHeaders(headers: NonNullable<RestBodyOptions['headers']>): Array<readonly [string, string]> {
  return Object.entries(headers).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const key = name.toLowerCase();
    const isOfBody = key === 'content-type' || key === 'accept';
    if (!TOKEN.test(name) || (CONNECTION_HEADERS.has(key) && !isOfBody))
      throw refusal('A header cannot be set by that name');
    if (typeof value !== 'string' || !isHeaderText(value))
      throw refusal('A header holds printable ASCII and no line breaks');
    return [[key, value] as const];
  });
}
