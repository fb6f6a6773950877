import { isJsonObject } from '../../../base/kit/isJsonObject.js';
import { isDotSegment } from '../../../supergraph/connect/template/isDotSegment.js';
import type { UrlParts } from '../../../supergraph/connect/template/parseRequest.js';
import type { QueryTemplate, TemplatePart } from '../../../supergraph/connect/template/Template.js';
import { scalarText, typeName } from '../mapping/jsonValues.js';
import type { FillTemplate } from './compileTemplate.js';
import { compileTemplate, compileValue } from './compileTemplate.js';
import { encodeForUrl } from './encodeForUrl.js';
import type { RequestFault, RequestInputs } from './RestRequest.js';
import { RequestRefusal } from './RestRequest.js';

/** Longer ones are refused by many servers (RFC 9110 asks for 8,000 at least); in characters, path and query together. */
export const MAX_URL_LENGTH = 16_000;

type Append = (inputs: RequestInputs, faults: RequestFault[], add: (text: string) => void) => void;

/**
 * Compiles path and query of a URL from its parts: those of the source, then those of the connector.
 *
 * What a value can do is fill its place: it is percent-encoded, so it cannot end a segment, a name or a value. A segment that would come
 * out as nothing, `.` or `..` is refused, since it would be another path.
 */
export function compileUrl(urls: readonly UrlParts[]): (inputs: RequestInputs, faults: RequestFault[]) => string {
  const pathWriters = urls.flatMap((parts, index) => compilePath(parts, index === urls.length - 1));
  const queryWriters = urls.flatMap(compileQuery);
  return (inputs, faults) => {
    let path = '';
    for (const write of pathWriters) write(inputs, faults, (segment) => (path += `/${segment}`));
    let query = '';
    for (const write of queryWriters)
      write(inputs, faults, (pair) => (query += query === '' ? `?${pair}` : `&${pair}`));
    const url = (path === '' ? '/' : path) + query;
    if (url.length > MAX_URL_LENGTH)
      throw new RequestRefusal('url', `The URL is longer than ${MAX_URL_LENGTH} characters`);
    return url;
  };
}

function compilePath({ url, path }: UrlParts, isLast: boolean): Append[] {
  const { segments } = url;
  // A slash at the end counts for the last part alone, and not where more segments follow.
  const endsWithSlash = segments.at(-1)?.length === 0;
  const kept = endsWithSlash && (!isLast || path !== undefined) ? segments.slice(0, -1) : segments;
  const isRoot = kept.length === 1 && kept[0]!.length === 0;
  const writers = isRoot ? [] : kept.map(compileSegment);
  return path === undefined ? writers : [...writers, compileMore(path)];
}

function compileSegment(parts: readonly TemplatePart[]): Append {
  if (parts.every((part) => part.kind === 'text')) {
    const text = parts.map((part) => part.text).join('');
    return (_inputs, _faults, add) => add(text);
  }
  const fill = compileTemplate(parts, 'url', encodeForUrl);
  return (inputs, faults, add) => add(checkSegment(fill(inputs, faults), 'url'));
}

function checkSegment(segment: string, place: string): string {
  if (segment === '') throw new RequestRefusal(place, 'A segment of the path has no value');
  if (isDotSegment(segment)) throw new RequestRefusal(place, 'A segment of the path would be "." or ".."');
  return segment;
}

/** `http: { path: … }`: a list of segments. */
function compileMore(path: NonNullable<UrlParts['path']>): Append {
  const run = compileValue(path, 'path');
  return (inputs, faults, add) => {
    const value = run(inputs, faults);
    if (value === undefined) return;
    if (!Array.isArray(value))
      throw new RequestRefusal('path', `"path" makes a list of segments, not ${typeName(value)}`);
    for (const element of value as readonly unknown[]) {
      const text = scalarText(element);
      if (text === undefined)
        throw new RequestRefusal('path', `A segment of the path is a scalar, not ${typeName(element)}`);
      add(checkSegment(encodeForUrl(text), 'path'));
    }
  };
}

function compileQuery({ url, queryParams }: UrlParts): Append[] {
  const writers = url.query.map(compilePair);
  return queryParams === undefined ? writers : [...writers, compileParameters(queryParams)];
}

function compilePair({ name, value }: QueryTemplate): Append {
  const fillName: FillTemplate = compileTemplate(name, 'url', encodeForUrl);
  const fillValue = value && compileTemplate(value, 'url', encodeForUrl);
  return (inputs, faults, add) => {
    const written = fillName(inputs, faults);
    if (fillValue !== undefined) add(`${written}=${fillValue(inputs, faults)}`);
    else if (written !== '') add(written);
  };
}

/** `http: { queryParams: … }`: an object. Nulls are left out, lists repeat their name. */
function compileParameters(queryParams: NonNullable<UrlParts['queryParams']>): Append {
  const run = compileValue(queryParams, 'queryParams');
  return (inputs, faults, add) => {
    const value = run(inputs, faults);
    if (value === undefined) return;
    if (!isJsonObject(value))
      throw new RequestRefusal('queryParams', `"queryParams" makes an object, not ${typeName(value)}`);
    for (const name of Object.keys(value)) {
      const parameter = value[name];
      if (parameter === null) continue;
      for (const element of Array.isArray(parameter) ? (parameter as readonly unknown[]) : [parameter]) {
        const text = scalarText(element);
        if (text === undefined) {
          throw new RequestRefusal(
            'queryParams',
            `A query parameter is a scalar or a list of scalars, not ${typeName(element)}`,
          );
        }
        add(`${encodeForUrl(name)}=${encodeForUrl(text)}`);
      }
    }
  };
}
