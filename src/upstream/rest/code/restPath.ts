import { PorticoError } from '../../../base/errors/PorticoError.js';
import { isDotSegment } from '../../../supergraph/connect/template/isDotSegment.js';
import { scalarText } from '../mapping/jsonValues.js';
import { encodeForUrl } from '../request/encodeForUrl.js';

/** Known to other copies of this package too: a module may come with its own. */
const brand = Symbol.for('portico.restPath');

/** What may stand in a URL. */
export type RestScalar = string | number | bigint | boolean;

/** A path with its values encoded; made by `restPath` and by nothing else. */
export interface RestPath {
  readonly [brand]: true;
  readonly text: string;
}

/** RFC 3986: a segment's characters, and the slash. */
const PATH_TEXT = /^(?:[\w\-.~!$&'()*+,;=:@/]|%[\da-f]{2})*$/i;

/**
 * A path of a REST service, below its base URL: restPath`/items/${sku}/stock`.
 *
 * Every value is percent-encoded for the segment that it stands in, so that none can add a segment, a parameter or a host. The query
 * is said apart, in `query`.
 *
 * Errors: REST_REQUEST_INVALID for a value that is no scalar, and for a segment that would be empty, `.` or `..`; TypeError for a text
 * that is no path.
 */
export function restPath(texts: TemplateStringsArray, ...values: readonly RestScalar[]): RestPath {
  const whole = texts.reduce((before, text, at) => before + encodeValue(values[at - 1]) + text);
  for (const text of texts) {
    if (!PATH_TEXT.test(text))
      throw new TypeError(`restPath: "${text}" is no part of a path; a query is given as { query }`);
  }
  if (!texts[0]!.startsWith('/')) throw new TypeError('restPath: a path begins with a slash');
  const segments = whole.split('/').slice(1);
  segments.forEach((segment, at) => {
    if (segment === '' && at < segments.length - 1) throw refusal('A segment of the path has no value');
    if (isDotSegment(segment)) throw refusal('A segment of the path would be "." or ".."');
  });
  if (segments.at(-1) === '' && texts.at(-1) === '') throw refusal('A segment of the path has no value');
  return Object.freeze({ [brand]: true as const, text: whole });
}

/** Whether a value is a path that `restPath` made. */
export function isRestPath(value: unknown): value is RestPath {
  return typeof value === 'object' && value !== null && brand in value;
}

function encodeValue(value: unknown): string {
  const text = value === null ? undefined : scalarText(value);
  if (text === undefined) throw refusal('A value of the path is no scalar');
  return encodeForUrl(text);
}

/** Why a request is not sent. Says no value. */
export function refusal(message: string): PorticoError {
  return new PorticoError('REST_REQUEST_INVALID', message);
}
